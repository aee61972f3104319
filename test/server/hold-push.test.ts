import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createPromotions } from '../../src/client/promotions.ts';
import type { RunningWorker } from '../../src/worker.ts';
import { statusQuery, updates } from '../../src/workflows/messages.ts';
import { openGitServer, type GitServer } from '../support/git-http-server.ts';
import {
  awaitStatus,
  createRenderedRepository,
  renderedRequest,
  startTestWorker,
} from '../support/pipeline.ts';
import { until } from '../support/promotion-rig.ts';
import { useTemporalServer } from '../support/temporal-server.ts';

describe('a push that is refused, in a promotion that holds', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-hold-push-'));
  const repository = createRenderedRepository(join(folder, 'srv', 'ops.git'));
  let worker: RunningWorker;
  let server: GitServer;
  let client: Client;

  before(async () => {
    const temporal = await useTemporalServer();
    client = await temporal.client();
    server = await openGitServer(join(folder, 'srv'), 'alice', 'word');
    const secrets = join(folder, 'secrets');
    mkdirSync(secrets);
    writeFileSync(join(secrets, 'ops.json'), JSON.stringify(secretFor(`${server.url}/ops.git`)));
    worker = await startTestWorker(temporal, folder, { secrets });
  });
  after(async () => {
    await worker?.stop();
    await server?.close();
    rmSync(folder, { recursive: true });
  });

  it('names the remedy, and once that is done a retry pushes what was rendered before', async () => {
    const promotions = createPromotions(client);
    const url = `${server.url}/ops.git`;
    const start = (tag: string) =>
      promotions.start({ ...renderedRequest({ ...repository, url }, tag), onFailure: 'hold' });
    // The first one makes the branch that it pushes to.
    assert.equal((await awaitStatus(promotions, await start('1.2.3'))).phase, 'Succeeded');

    server.allowPushes(false);
    const promotion = await start('1.3.0');
    const handle = client.workflow.getHandle(promotion.workflowId);
    await until(async () => (await handle.query(statusQuery)).waitingFor?.kind === 'decision');
    const { waitingFor, stepExecutionMetadata, steps } = await handle.query(statusQuery);
    const held = stepExecutionMetadata.at(-1);
    assert.ok(waitingFor?.kind === 'decision');
    assert.equal(held?.alias, waitingFor.step);
    assert.equal(steps?.at(-1)?.uses, 'git-push');
    assert.match(
      held.message ?? '',
      /access is refused; check what the credentials of project demo .* allow/,
    );

    server.allowPushes(true);
    await handle.executeUpdate(updates.retry, { args: [{ actor: 'ann', step: waitingFor.step }] });
    const status = await awaitStatus(promotions, promotion);
    assert.equal(status.phase, 'Succeeded', status.message);
    assert.equal(repository.git('rev-parse', 'stage/test'), status.commits[0]?.sha);
    const { events } = await handle.fetchHistory();
    const kinds = events?.flatMap(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
    );
    const times = (kind: string) => kinds?.filter((name) => name === kind).length;
    assert.deepEqual([times('git-clone'), times('kustomize-build'), times('git-push')], [1, 1, 2]);
  });
});

function secretFor(repoURL: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'ops', namespace: 'demo', labels: { 'kargo.akuity.io/cred-type': 'git' } },
    stringData: { repoURL, username: 'alice', password: 'word' },
  };
}
