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
import { openGatedTemporal, type GatedTemporal } from '../support/gated-temporal.ts';
import { openBareServer } from '../support/own-server.ts';

/** Where a promotion is when its only worker is killed. */
interface CrashPoint {
  /** Its own repository; another one, with `-gate`, is behind a gate. */
  readonly steps: (url: string, gate: string) => readonly JsonObject[];
  readonly gate?: readonly [RegExp, 'request' | 'answer' | 'refuse'];
  /** The worker is to be killed as it tells the server that it goes on in a new history. */
  readonly continuing?: 'request' | 'answer';
  /** Whether it has arrived there. */
  readonly isThere?: (status: PromotionStatus) => boolean;
  readonly request?: JsonObject;
  readonly phase?: 'Failed';
}

/** Enough for a history that the server calls long. */
const many = Array.from({ length: 20 }, (_, index) => ({ uses: 'compose-output', config: { index } }));

const names = [
  'clone',
  'commit',
  'push',
  'queue',
  'wait',
  'hold',
  'cleanup',
  'continuing',
  'continued',
] as const;

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
  continuing: { continuing: 'request', steps: (url) => [clone(url), write, ...many, commit, push] },
  continued: { continuing: 'answer', steps: (url) => [clone(url), write, ...many, commit, push] },
};

for (const disk of ['its disk', 'an empty disk'] as const) {
  describe(`a worker killed and restarted with ${disk}`, function () {
    this.timeout(240_000);
    const folder = mkdtempSync(join(tmpdir(), 'gantry-points-'));
    const handles = new Map<string, WorkflowHandle>();
    let remotes: Remotes;
    let client: Client;
    let git: GatedGitServer;
    let temporal: GatedTemporal;
    let worker: FleetWorker;
    let close = async () => {};

    before(async () => {
      const own = await openBareServer({ historyLength: 60 });
      close = own.close;
      client = own.client;
      temporal = await openGatedTemporal(own.address);
      git = await openGatedGitServer(join(folder, 'remotes'));
      remotes = createRemotes(
        join(folder, 'remotes'),
        names.flatMap((name) => [name, `${name}-gate`]),
      );
      for (const [name, { gate, continuing }] of Object.entries(points)) {
        if (gate) git.gates.close(...gate);
        if (continuing) temporal.gates.close(continuationOf(name), continuing);
      }
      worker = new FleetWorker(0, { folder, address: temporal.address, capacity: 20 });
      await worker.start();
      await Promise.all(names.filter((name) => name !== 'continued').map(bring));
      // The server goes on with this one; so it is the last.
      await bring('continued');
      await worker.end('SIGKILL');
      temporal.gates.open();
      if (disk === 'an empty disk') await worker.wipe();
      git.gates.open();
      // Long enough for the back-off of the step that is to be queued where nobody polls.
      await sleep(4500);
      await worker.start();
      await handles.get('hold')!.executeUpdate(updates.retry, { args: [{ actor: 'ann' }] });
    });
    after(async () => {
      await worker?.end('SIGKILL');
      await git?.end();
      await temporal?.end();
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
      continuing: 'as it goes on in a new history, before the server knows',
      continued: 'as it goes on in a new history, before the worker knows',
    };
    for (const name of names) {
      it(`loses nothing and does nothing twice: ${words[name]}`, () => expectOnce(name));
    }

    async function bring(name: (typeof names)[number]): Promise<void> {
      const { steps, request } = points[name];
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
      while (!(await isThere(name, handle))) await sleep(100);
    }

    async function isThere(name: (typeof names)[number], handle: WorkflowHandle): Promise<boolean> {
      const point = points[name];
      if (point.gate) return git.gates.met(point.gate[0]) > 0;
      if (point.continuing) return temporal.gates.met(continuationOf(name)) > 0;
      return point.isThere!(await handle.query(statusQuery));
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

/** What a worker sends that goes on in a new history. */
function continuationOf(name: string): RegExp {
  return new RegExp(`"continuedFrom":[^]*"stage":"${name}"`);
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
