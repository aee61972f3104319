import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { createControls } from '../../src/client/promotion-controls.ts';
import { runGantry, type CliResult } from '../support/cli.ts';
import { until } from '../support/promotion-rig.ts';
import { useTemporalServer } from '../support/temporal-server.ts';

describe('gantry in a namespace without search attributes and workers', function () {
  this.timeout(60_000);
  const namespace = `bare-${randomUUID()}`;
  const workflowId = 'promotion/demo/test/01k9s3v6m7d8q2w4x5y6z7a8b9';
  let env: NodeJS.ProcessEnv;
  let client: Client;

  before(async () => {
    const server = await useTemporalServer();
    const { connection, workflowService } = await server.client();
    // The SDK's runtime ends with its last connection: it needs one to end at all.
    await server.nativeConnection();
    env = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: namespace };
    const workflowExecutionRetentionPeriod = { seconds: (3 * 86_400) as never };
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    client = new Client({ connection, namespace });
    // The server hands out a new namespace only after a moment.
    await until(() =>
      client.workflow.start('promotion', { workflowId, taskQueue: 'nobody' }).then(
        () => true,
        () => false,
      ),
    );
    await client.workflow.start('stage', { workflowId: 'stage/demo/test', taskQueue: 'nobody' });
  });
  after(() => client?.workflow.getHandle(workflowId).terminate('over'));

  const gantry = (...argv: string[]): Promise<CliResult> => runGantry(argv, { env });

  it('lists by id and status', async () => {
    const list = (): Promise<CliResult> => gantry('promotions', '--project', 'demo', '--phase', 'Running');
    await until(async () => (await list()).stdout.includes('\n01k9'));
    const { code, stdout, stderr } = await list();
    assert.equal(code, 0);
    assert.match(stdout, /\n01k9s3v6m7d8q2w4x5y6z7a8b9 {2}demo +test +Running +- +- +\d+s +-\n$/);
    assert.match(stderr, /^What 1 promotion waits for is not known: no worker told it in time\.\n$/);
    const none = await gantry('promotions', '--project', 'dem', '-o', 'json');
    assert.equal(none.stdout, '[]\n');
  });

  it('says how long the namespace keeps what has ended', async () => {
    assert.match(
      (await gantry('promotions', '--project', 'none')).stderr,
      /^Promotions that ended more than 3d ago/,
    );
    assert.equal((await gantry('promotions', '--project', 'none', '--since', '1h')).stderr, '');
  });

  it('refuses what nobody can know, with the remedy', async () => {
    const { code, stderr } = await gantry('promotions', '--actor', 'alice');
    assert.equal(code, 2);
    assert.match(stderr, /GantryActor\. Register it once: temporal operator search-attribute create/);
  });

  it('shows a promotion as far as it is known', async () => {
    const { code, stdout } = await gantry('promotion', 'demo/test/01k9');
    assert.equal(code, 0);
    assert.match(stdout, /^Promotion {4}promotion\/demo\/test\/01k9(.|\n)*no worker answers/);
  });

  it('tells a promotion from other workflows', async () => {
    const { code, stderr } = await gantry('abort', 'stage/demo/test');
    assert.equal(stderr, 'stage/demo/test is no promotion: it is a workflow of type stage\n');
    assert.equal(code, 2);
  });

  it('does not wait for ever for a worker', async () => {
    const answer = await createControls(client, 500).send({ workflowId }, 'pause', { actor: 'bob' });
    assert.deepEqual(answer, { kind: 'unanswered' });
  });
});
