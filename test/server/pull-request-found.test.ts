import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { startServer, type RunningServer } from '../../src/client/server/server.ts';
import { openServerTemporal } from '../../src/client/server/temporal.ts';
import { createLog } from '../../src/log.ts';
import { openOwnServer } from '../support/own-server.ts';
import { until } from '../support/promotion-rig.ts';
import { toolPath } from '../support/tools.ts';
import { readDelivery, send, sign } from '../support/webhook-server.ts';
import { createPlan } from '../workflows/scripted-effects.ts';

describe('a promotion that waits for a pull request where no search attribute is registered', function () {
  this.timeout(120_000);
  let own: Awaited<ReturnType<typeof openOwnServer>>;
  let address: string;
  before(async () => {
    own = await openOwnServer();
    ({ address } = own);
    const { operatorService } = own.rig.client.connection;
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace: 'default' });
    assert.ok(!('GantryPullRequest' in customAttributes));
  });
  after(() => own?.close());

  it('is found by its memo when a webhook comes', async () => {
    const handle = await startWaiting();
    const temporal = openServerTemporal({
      address,
      namespace: 'default',
      origin: 'test',
      options: { address },
    });
    const server = await startReceiver(temporal);
    try {
      const { headers, body } = readDelivery('github-merged');
      const text = JSON.stringify(body);
      const signed = { ...headers, ...sign['github']!(text, secret) };
      // Lists follow a moment later.
      await until(async () => {
        const { status, body: said } = await send(server.url, '/webhooks/github', {
          headers: signed,
          body: text,
        });
        assert.equal(status, 200);
        return said.rung === 1;
      });
      await handle.result();
    } finally {
      await server.close();
      await temporal.close();
    }
  });

  it('is woken by the signal of the command line', async () => {
    const handle = await startWaiting();
    const argv = [
      'workflow',
      'signal',
      '--workflow-id',
      handle.workflowId,
      '--name',
      'pullRequest',
      '--input',
      '{}',
    ];
    await promisify(execFile)(toolPath('temporal'), [...argv, '--address', address]);
    await handle.result();
  });

  /** It has looked once; the next look would come in an hour. */
  async function startWaiting(): Promise<WorkflowHandle> {
    let looks = 0;
    const handle = await own.rig.start({
      plan: createPlan([{ alias: 'open' }, { alias: 'wait', place: 'io' }]),
      acts: {
        open: async () => ({ pullRequests: ['github.com/acme/ops#12'] }),
        wait: async () => {
          if ((looks += 1) > 1) return undefined;
          throw ApplicationFailure.create({ message: 'open', type: 'NotYet', nextRetryDelay: '1 hour' });
        },
      },
    });
    await until(async () => {
      const { raw } = await handle.describe();
      return (
        raw.pendingActivities?.some(({ lastFailure, state }) => lastFailure && Number(state) === 1) ?? false
      );
    });
    return handle;
  }
});

const secret = 'it is a secret';

function startReceiver(temporal: ReturnType<typeof openServerTemporal>): Promise<RunningServer> {
  const receiver = {
    kind: 'github',
    host: 'github.com',
    secret: { name: 'webhooks', key: 'x' },
    value: secret,
  } as const;
  return startServer({
    temporal,
    host: '127.0.0.1',
    port: 0,
    token: 'a-token-of-thirty-two-characters',
    receivers: async () => [receiver],
    log: createLog({ level: 'error', format: 'json', write: () => undefined }),
  });
}
