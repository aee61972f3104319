import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { FleetWorker } from '../../scripts/chaos/fleet.ts';
import { createRemotes, pushesTo, subjectsOf, treesOf, type Remotes } from '../../scripts/chaos/remotes.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { queues } from '../../src/core/promotion/calls.ts';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { statusQuery, updates } from '../../src/workflows/messages.ts';
import { openGatedGitServer, type GatedGitServer } from '../support/gated-git-server.ts';
import { openBareServer } from '../support/own-server.ts';

/** Where a promotion is when its only worker is killed. */
interface CrashPoint {
  /** Its own repository; another one, with `-gate`, is behind a gate. */
  readonly steps: (url: string, gate: string) => readonly JsonObject[];
  readonly gate?: readonly [RegExp, 'request' | 'answer' | 'refuse'];
  /** Whether it has arrived there. */
  readonly isThere?: (status: PromotionStatus, handle: WorkflowHandle) => boolean | Promise<boolean>;
  readonly request?: JsonObject;
  readonly phase?: 'Failed';
}

const names = ['clone', 'commit', 'push', 'queue', 'wait', 'hold', 'cleanup', 'continued'] as const;

const points: Readonly<Record<(typeof names)[number], CrashPoint>> = {
  clone: {
    gate: [/^\/clone\.git.*upload-pack$/, 'request'],
    steps: (url) => [clone(url), ...change],
  },
  commit: {
    gate: [/^\/commit-gate\.git/, 'request'],
    steps: (url, gate) => [clone(url), write, commit, clone(gate, 'other'), push],
  },
  push: {
    gate: [/^\/push\.git\/git-receive-pack$/, 'answer'],
    steps: (url) => [clone(url), ...change],
  },
  queue: {
    gate: [/^\/queue-gate\.git/, 'refuse'],
    steps: (url, gate) => [
      clone(url),
      write,
      { ...clone(gate, 'other'), retry: { errorThreshold: 100, backoff: { initial: '4s', max: '4s' } } },
      commit,
      push,
    ],
  },
  wait: {
    gate: [/^\/open\/wait$/, 'request'],
    steps: (url, gate) => [clone(url), write, waitFor(gate, 'false'), commit, push],
  },
  hold: {
    request: { onFailure: 'hold' },
    isThere: ({ waitingFor }) => waitingFor?.kind === 'decision',
    steps: (url, gate) => [clone(url), write, waitFor(gate, 'not response.body.open'), commit, push],
  },
  cleanup: {
    phase: 'Failed',
    gate: [/^\/cleanup-gate\.git/, 'request'],
    steps: (url, gate) => [
      clone(url),
      write,
      { uses: 'fail', config: { message: 'on purpose' } },
      ...[clone(gate, 'other'), commit, push].map((step) => ({ ...step, if: '${{ always() }}' })),
    ],
  },
  continued: {
    isThere: async (_status, handle) => {
      const { runId, raw } = await handle.describe();
      return raw.workflowExecutionInfo?.firstRunId !== runId;
    },
    steps: (url) => [
      clone(url),
      write,
      ...Array.from({ length: 20 }, (_, index) => ({ uses: 'compose-output', config: { index } })),
      commit,
      push,
    ],
  },
};

for (const disk of ['its disk', 'an empty disk'] as const) {
  describe(`a worker killed and restarted with ${disk}`, function () {
    this.timeout(240_000);
    const folder = mkdtempSync(join(tmpdir(), 'gantry-points-'));
    const handles = new Map<string, WorkflowHandle>();
    let remotes: Remotes;
    let client: Client;
    let git: GatedGitServer;
    let worker: FleetWorker;
    let close = async () => {};

    before(async () => {
      const own = await openBareServer(60);
      close = own.close;
      client = own.client;
      git = await openGatedGitServer(join(folder, 'remotes'));
      remotes = createRemotes(
        join(folder, 'remotes'),
        names.flatMap((name) => [name, `${name}-gate`]),
      );
      for (const { gate } of Object.values(points)) if (gate) git.close(...gate);
      worker = new FleetWorker(0, { folder, address: own.address, capacity: 20 });
      await worker.start();
      await Promise.all(names.map(bring));
      await worker.end('SIGKILL');
      if (disk === 'an empty disk') await worker.wipe();
      git.open();
      // Long enough for the back-off of the step that is to be queued where nobody polls.
      await sleep(4500);
      await worker.start();
      await handles.get('hold')!.executeUpdate(updates.retry, { args: [{ actor: 'ann' }] });
    });
    after(async () => {
      await worker?.end('SIGKILL');
      await git?.end();
      await close();
      rmSync(folder, { recursive: true, maxRetries: 5 });
    });

    const words = {
      clone: 'in clone',
      commit: 'between commit and push',
      push: 'after the push, before the answer',
      queue: 'while a step is queued for it',
      wait: 'in a wait',
      hold: 'in hold',
      cleanup: 'in a clean-up step',
      continued: 'as the promotion goes on in a new history',
    };
    for (const name of names) {
      it(`loses nothing and does nothing twice: ${words[name]}`, () => expectOnce(name));
    }

    async function bring(name: (typeof names)[number]): Promise<void> {
      const { steps, gate, isThere, request } = points[name];
      const handle = await client.workflow.start('promotion', {
        workflowId: `promotion/demo/${name}/${name}`,
        taskQueue: queues.main,
        args: [
          {
            project: 'demo',
            stage: name,
            freight: { images: [{ repoURL: 'registry.test/app', tag: '1.0.0' }] },
            steps: steps(`${git.url}/${name}.git`, `${git.url}/${name}-gate.git`),
            ...request,
          },
        ],
      });
      handles.set(name, handle);
      while (gate ? git.met(gate[0]) === 0 : !(await isThere!(await handle.query(statusQuery), handle))) {
        await sleep(100);
      }
    }

    async function expectOnce(name: (typeof names)[number]): Promise<void> {
      const handle = handles.get(name)!;
      await handle.result().catch(() => undefined);
      const status = await handle.query(statusQuery);
      assert.equal(status.phase, points[name].phase ?? 'Succeeded', status.message);
      const repository = remotes.get(`${name}.git`)!;
      assert.deepEqual(subjectsOf(repository, ['main']), ['Promote', 'Base']);
      assert.deepEqual(pushesTo(repository), [{ branch: 'main', subjects: ['Promote'] }]);
      assert.deepEqual(treesOf(new Map([['x', repository]])).get('x main'), expectedTree(repository));
    }
  });
}

function expectedTree(repository: { git(...args: readonly string[]): string }): string {
  const files = repository.git('ls-tree', '-r', '--name-only', 'main').split('\n');
  assert.deepEqual(files, ['base/app.yaml', 'base/deep/notes.txt', 'new.txt']);
  return repository.git('rev-parse', 'main^{tree}');
}

function clone(repoURL: string, path = 'out'): JsonObject {
  return {
    uses: 'git-clone',
    config: { repoURL, checkout: [{ path, branch: 'main' }] },
    retry: { errorThreshold: 10 },
  };
}

/** Ends at once when the failure expression holds, else looks until the gates are open. */
function waitFor(gate: string, failureExpression: string): JsonObject {
  const url = gate.replace(/\/(\w+)-gate\.git$/, '/open/$1');
  const config = { url, successExpression: 'response.body.open', failureExpression, pollInterval: '1s' };
  return { uses: 'http', config };
}

const write = { uses: 'file-write', config: { path: 'out/new.txt', contents: 'new\n' } };
const commit = { uses: 'git-commit', config: { path: 'out', message: 'Promote' } };
const push = { uses: 'git-push', config: { path: 'out' }, retry: { errorThreshold: 10 } };
const change = [write, commit, push];
