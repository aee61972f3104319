import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { createPromotions, type PromotionRef } from '../../src/client/promotions.ts';
import type { TestRepository } from './git-repository.ts';
import { awaitStatus, createRenderedRepository } from './pipeline.ts';

/** A repository that notes each change of a branch, and answers the push of rendered manifests only after `delay`. */
export function createWatchedRepository(path: string, delay = ''): TestRepository {
  const repository = createRenderedRepository(path);
  const hook = join(path, 'hooks/post-receive');
  // The first commit of the branch is empty, and not what is to be delayed.
  const slow = delay && `git rev-parse -q --verify stage/test^ >/dev/null && ${delay}`;
  writeFileSync(hook, `#!/bin/sh\ncat >>pushes\n${slow}\nexit 0\n`);
  chmodSync(hook, 0o755);
  return repository;
}

/** Waits until a worker runs the step; asks the server, since the worker may be dead. */
export async function untilStep(client: Client, { workflowId }: PromotionRef, kind: string): Promise<void> {
  await until(async () => {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    const pending = raw.pendingActivities ?? [];
    return pending.some(
      ({ activityType, lastStartedTime }) => activityType?.name === kind && lastStartedTime,
    );
  });
}

/** The promotion ends Succeeded, and the repository got the empty branch, one commit, and nothing twice. */
export async function expectOneCommit(
  client: Client,
  promotion: PromotionRef,
  repository: TestRepository,
): Promise<void> {
  const status = await awaitStatus(createPromotions(client), promotion);
  assert.equal(status.phase, 'Succeeded', status?.message);
  const subjects = repository.git('log', '--format=%s', 'stage/test').split('\n');
  assert.deepEqual(subjects, ['Updated ./src/base to use new image', 'Initial commit']);
  assert.equal(repository.git('rev-parse', 'stage/test'), status.commits.at(-1)?.sha);
  assert.equal(pushesOf(repository).length, 2, 'the empty branch, then the commit');
}

/** Changes of branches that the repository noted, oldest first. */
export function pushesOf(repository: TestRepository): string[] {
  try {
    return readFileSync(join(repository.path, 'pushes'), 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/** Looks again and again; the test's own limit ends it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}
