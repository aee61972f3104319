import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { createPromotions, type PromotionRef } from '../../src/client/promotions.ts';
import { spawnGantry, type GantryProcess } from '../support/cli.ts';
import type { TestRepository } from '../support/git-repository.ts';
import { createRenderedRepository, createSlowTools, renderedRequest } from '../support/pipeline.ts';
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
    const repository = watched('steps.git');
    await startWorker();
    const promotion = await start(repository, '1.0.0');

    await untilStep(promotion, 'git-clone');
    await restartWorker();
    await untilStep(promotion, 'kustomize-build');
    await sleep((slowness * 1000) / 2);
    await restartWorker();
    await expectOneCommit(promotion, repository);
  });

  it('does not push twice when it dies after the push and before the answer', async () => {
    const repository = watched('push.git', 'sleep 3');
    await startWorker();
    const promotion = await start(repository, '1.0.0');
    await untilStep(promotion, 'git-push');
    await until(() => pushesOf(repository).length === 2);
    await restartWorker();
    await expectOneCommit(promotion, repository);
  });

  /** A repository that notes each change of a branch, and answers the push only after `delay`. */
  function watched(name: string, delay = ''): TestRepository {
    const repository = createRenderedRepository(join(folder, name));
    const hook = join(repository.path, 'hooks/post-receive');
    // Only the push of rendered manifests is delayed, not the empty branch.
    const slow = delay && `git rev-parse -q --verify stage/test^ >/dev/null && ${delay}`;
    writeFileSync(hook, `#!/bin/sh\ncat >>pushes\n${slow}\nexit 0\n`);
    chmodSync(hook, 0o755);
    return repository;
  }

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

  async function start(repository: TestRepository, tag: string): Promise<PromotionRef> {
    return createPromotions(client).start(renderedRequest(repository, tag));
  }

  /** Waits until a worker runs the step; asks the server, since the worker may be dead. */
  async function untilStep({ workflowId }: PromotionRef, kind: string): Promise<void> {
    await until(async () => {
      const { raw } = await client.workflow.getHandle(workflowId).describe();
      return Boolean(
        raw.pendingActivities?.some(
          ({ activityType, lastStartedTime }) => activityType?.name === kind && lastStartedTime,
        ),
      );
    });
  }

  async function expectOneCommit(promotion: PromotionRef, repository: TestRepository): Promise<void> {
    const { status } = await createPromotions(client).outcome(promotion);
    assert.equal(status?.phase, 'Succeeded', status?.message);
    assert.equal(
      repository.git('log', '--format=%s', 'stage/test'),
      'Updated ./src/base to use new image\nInitial commit',
    );
    assert.equal(repository.git('rev-parse', 'stage/test'), status.commits.at(-1)?.sha);
    assert.equal(pushesOf(repository).length, 2, 'the empty branch, then the commit');
  }
});

function pushesOf(repository: TestRepository): string[] {
  try {
    return readFileSync(join(repository.path, 'pushes'), 'utf8').trim().split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}
