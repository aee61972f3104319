import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScrubber } from '../../src/activities/scrub.ts';
import { createStepWorld } from '../../src/activities/step-world.ts';
import { openWorkspaces } from '../../src/activities/workspace/open-workspaces.ts';
import type { Workspaces } from '../../src/activities/workspace/workspaces.ts';
import type { StepRun } from '../../src/core/promotion/step-run.ts';
import { createLog } from '../../src/log.ts';
import type { GitPolicy } from '../../src/providers/git/git.ts';
import { runHere } from '../../src/providers/programs/run-here.ts';
import { createSurroundings } from '../../src/worker/create-surroundings.ts';
import { createTestRepository } from '../support/git-repository.ts';
import { toolPath } from '../support/tools.ts';

describe('what surrounds the steps of a worker', () => {
  let folder: string;
  let workspaces: Workspaces;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-surroundings-'));
    workspaces = await openWorkspaces(join(folder, 'workspaces'), 1);
  });
  afterEach(async () => {
    await workspaces.close();
    await rm(folder, { recursive: true });
  });

  it('lets promotions clone from the disk of the worker unless its operator leaves file out', async () => {
    const commits = [{ id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one' }];
    const { url } = createTestRepository(join(folder, 'origin'), { commits });
    const clone = (git?: GitPolicy) => worldOf(git).git.clone({ name: 'r', repoURL: url, date: new Date(0) });
    await clone();
    await assert.rejects(clone({ protocols: ['https', 'ssh'] }), {
      name: 'TerminalError',
      message: /uses file, which this worker does not allow/,
    });
  });

  /** The world of a step on a worker whose operator says this about Git. */
  function worldOf(git?: GitPolicy) {
    const signal = new AbortController().signal;
    const scrubber = createScrubber();
    const log = createLog({ level: 'error', format: 'text', write: () => {} });
    const surroundings = createSurroundings({
      settings: { tools: { resolve: (name) => Promise.reject(new Error(name)) }, ...(git && { git }) },
      tools: { git: toolPath('git'), versions: {} },
      workspaces,
      runProgram: runHere,
      scrubber,
      log,
      leaving: signal,
      closing: signal,
    });
    assert.deepEqual(surroundings.gitPolicy, git);
    const workspace = {
      files: folder,
      home: join(folder, 'home'),
      again: false,
      signal,
      markDone,
      check: markDone,
      leave() {},
    };
    return createStepWorld(run, surroundings, {
      attempt: 'a/1',
      again: false,
      print: () => undefined,
      signal,
      scrubber,
      log,
      workspace,
    });
  }
});

const markDone = () => Promise.resolve();

const run: StepRun = {
  index: 0,
  uses: 'probe',
  config: {},
  scope: {
    identity: { name: 'n', project: 'demo', stage: 'test' } as StepRun['scope']['identity'],
    alias: 'x',
    promotionVars: [],
    stepVars: [],
    outputs: {},
    records: [],
    startedAt: '2026-01-01T00:00:00Z',
    freight: {
      target: { name: 'f', alias: 'f', commits: [], images: [], charts: [], artifacts: [] },
      collection: [],
      origins: [],
      warehouses: [],
    },
  },
  retry: { errorThreshold: 1, backoff: { initial: 1, factor: 1, max: 1 } },
  reads: {},
};
