import assert from 'node:assert/strict';
import type { NativeConnection } from '@temporalio/worker';
import { createLog } from '../../src/log.ts';
import { checkNamespace } from '../../src/worker/check-namespace.ts';
import { registerSearchAttributes } from '../../src/worker/search-attributes.ts';
import { useTemporalServer } from '../support/temporal-server.ts';

describe('worker: namespace', function () {
  this.timeout(30_000);
  let connection: NativeConnection;
  let namespace: string;

  before(async function () {
    const server = await useTemporalServer();
    connection = await server.nativeConnection();
    namespace = server.namespace;
  });

  it('registers the search attributes once, and tells nothing then', async () => {
    const { log, lines } = record();
    const names = await registerSearchAttributes(connection, namespace, log);
    assert.equal(names.length, 8);
    assert.deepEqual(await registerSearchAttributes(connection, namespace, log), names);
    assert.deepEqual(lines, []);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    assert.deepEqual([customAttributes['GantryProject'], customAttributes['GantryPullRequest']], [2, 7]);
  });

  it('writes no attribute that exists with another type, and says which', async () => {
    const other = await createNamespace('another-type', 3);
    await connection.operatorService.addSearchAttributes({
      namespace: other,
      searchAttributes: { GantryStage: 1 as never },
    });
    const { log, lines } = record();
    const names = await registerSearchAttributes(connection, other, log);
    assert.ok(names.includes('GantryProject') && !names.includes('GantryStage'));
    assert.match(lines.join(''), /not registered.*GantryStage/);
  });

  it('does without them where nothing is permitted', async () => {
    const { log, lines } = record();
    assert.deepEqual(await registerSearchAttributes(connection, 'no-such-namespace', log), []);
    assert.match(lines.join(''), /not registered/);
  });

  it('warns when closed promotions are soon forgotten', async () => {
    const { log, lines } = record();
    await checkNamespace(connection, namespace, log);
    assert.deepEqual(lines, []);
    await checkNamespace(connection, await createNamespace('short', 1), log);
    assert.match(lines.join(''), /less than 7 days.*days=1/);
    await assert.rejects(checkNamespace(connection, 'no-such-namespace', log), /no-such-namespace/);
  });

  async function createNamespace(name: string, days: number): Promise<string> {
    const unique = `${name}-${Math.random().toString(36).slice(2)}`;
    const workflowExecutionRetentionPeriod = { seconds: days * 86_400 } as never;
    await connection.workflowService.registerNamespace({
      namespace: unique,
      workflowExecutionRetentionPeriod,
    });
    return unique;
  }
});

function record() {
  const lines: string[] = [];
  const log = createLog({ level: 'warn', format: 'text', write: (line) => void lines.push(line) });
  return { log, lines };
}
