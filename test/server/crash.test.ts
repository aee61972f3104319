import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { createPromotions, type PromotionRef } from '../../src/client/promotions.ts';
import { spawnGantry, type GantryProcess } from '../support/cli.ts';
import type { TestRepository } from '../support/git-repository.ts';
import { createWatchedRepository, expectOneCommit, pushesOf, until, untilStep } from '../support/crash.ts';
import { createSlowTools, renderedRequest } from '../support/pipeline.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';

/** Seconds that rendering takes: long enough to be killed in it. */
const slowness = 2;

describe('a worker killed on its disk', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-crash-'));
  const tools = createSlowTools(join(folder, 'tools'), slowness);
  let server: TestServer;
  let client: Client;
  let worker: GantryProcess | undefined;

  before(async () => {
    server = await useTemporalServer();
    client = await server.client();
  });
  afterEach(kill);
  after(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

  it('goes on after kill -9 between and during steps, with one commit and one push', async () => {
    const repository = createWatchedRepository(join(folder, 'steps.git'));
    await startWorker();
    const promotion = await start(repository);

    await untilStep(client, promotion, 'git-clone');
    await restartWorker();
    await untilStep(client, promotion, 'kustomize-build');
    await sleep((slowness * 1000) / 2);
    await restartWorker();
    await expectOneCommit(client, promotion, repository);
  });

  it('does not push twice when it dies after the push and before the answer', async () => {
    const repository = createWatchedRepository(join(folder, 'push.git'), 'sleep 3');
    await startWorker();
    const promotion = await start(repository);
    await untilStep(client, promotion, 'git-push');
    await until(() => pushesOf(repository).length === 2);
    await restartWorker();
    await expectOneCommit(client, promotion, repository);
  });

  async function startWorker(): Promise<void> {
    worker = spawnGantry(['worker', '--data', join(folder, 'data'), '--log-format', 'json'], {
      cwd: folder,
      home: folder,
      env: {
        TEMPORAL_ADDRESS: server.address,
        GANTRY_TOOLS: 'path',
        PATH: `${tools}:${process.env['PATH']}`,
      },
    });
    await worker.until('stderr', /Worker is ready/);
  }

  async function kill(): Promise<void> {
    worker?.child.kill('SIGKILL');
    await worker?.exited;
    worker = undefined;
  }

  async function restartWorker(): Promise<void> {
    await kill();
    await startWorker();
  }

  const start = (repository: TestRepository): Promise<PromotionRef> =>
    createPromotions(client).start(renderedRequest(repository, '1.0.0'));
});
