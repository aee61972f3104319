import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPromotions, type Promotions } from '../../src/client/promotions.ts';
import type { RunningWorker } from '../../src/worker.ts';
import {
  awaitStatus,
  createRenderedRepository,
  renderedRequest,
  startTestWorker,
} from '../support/pipeline.ts';
import { useTemporalServer } from '../support/temporal-server.ts';

describe('the rendered-branch pipeline of the promotion steps reference', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-rendered-'));
  const repository = createRenderedRepository(join(folder, 'repository.git'));
  let worker: RunningWorker;
  let promotions: Promotions;

  before(async () => {
    const server = await useTemporalServer();
    promotions = createPromotions(await server.client());
    worker = await startTestWorker(server, folder);
  });
  after(async () => {
    await worker?.stop();
    rmSync(folder, { recursive: true });
  });

  const promote = async (tag: string) =>
    awaitStatus(promotions, await promotions.start(renderedRequest(repository, tag)));

  it('renders, commits and pushes what the Freight says', async () => {
    const status = await promote('1.2.3');
    assert.equal(status.phase, 'Succeeded', status?.message);
    assert.deepEqual(
      status.stepExecutionMetadata.map(({ status: step }) => step),
      Array(6).fill('Succeeded'),
    );
    assert.equal(
      repository.git('log', '--format=%s', 'stage/test'),
      'Updated ./src/base to use new image\nInitial commit',
    );
    assert.match(
      repository.git('show', 'stage/test:app-test-deployment-web.yaml'),
      /image: my\/image:1\.2\.3/,
    );
    assert.equal(repository.git('rev-parse', 'stage/test'), status.commits[0]?.sha);
  });

  it('commits nothing when nothing changed', async () => {
    const status = await promote('1.2.3');
    assert.equal(status.phase, 'Succeeded', status?.message);
    assert.equal(status.stepExecutionMetadata[4]?.status, 'Skipped');
    assert.equal(repository.git('rev-list', '--count', 'stage/test'), '2');
  });

  it('adds one commit for the next Freight', async () => {
    const status = await promote('1.3.0');
    assert.equal(status.phase, 'Succeeded', status?.message);
    assert.equal(repository.git('rev-list', '--count', 'stage/test'), '3');
  });
});
