import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { NotYet } from '../../src/core/errors.ts';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';
import { promote, startRig, stepThat, type WorkerRig } from './worker-rig.ts';

describe('worker: pollers', function () {
  this.timeout(60_000);
  let server: TestServer;
  let client: Client;
  let root: string;
  let workers: WorkerRig | undefined;

  before(async function () {
    server = await useTemporalServer();
    client = await server.client();
  });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gantry-pollers-'));
  });

  afterEach(async () => {
    const last = workers;
    workers = undefined;
    await last?.stop();
    await rm(root, { recursive: true });
  });

  it('retries a step on the server, with its journal in the result', async () => {
    let attempts = 0;
    const flaky = stepThat(() => {
      attempts += 1;
      if (attempts === 1) throw new NotYet('not there', 1);
      if (attempts < 4) throw new Error(`broken ${attempts}`);
      return { output: { attempts } };
    });
    workers = await startRig(server, root, [flaky]);
    const handle = await promote(client, [flaky]);
    const { state, stepExecutionMetadata } = (await handle.result()) as PromotionStatus;
    assert.deepEqual(state, { 'step-1': { attempts: 4 } });
    const { errorCount, journal } = stepExecutionMetadata[0]!;
    assert.deepEqual([errorCount, journal?.looks, journal?.errors, journal?.consecutive], [2, 4, 2, 0]);
    assert.deepEqual(
      journal?.recent.map(({ message }) => message),
      ['broken 2', 'broken 3'],
    );
    const { events } = await handle.fetchHistory();
    assert.equal(
      events?.filter(({ activityTaskScheduledEventAttributes: found }) => found).length,
      1,
      'the step; the plan is made within the workflow task',
    );
  });

  it('passes files from step to step and removes them in the end', async () => {
    const write = stepThat(async ({ workspace }) => {
      await writeFile(join(workspace.root, 'file'), 'x');
      return {};
    }, 'workspace');
    const read = stepThat(
      async ({ workspace }) => ({ output: { files: await readdir(workspace.root) } }),
      'workspace',
    );
    workers = await startRig(server, root, [write, read]);
    const { state } = (await (await promote(client, [write, read])).result()) as PromotionStatus;
    assert.deepEqual(state?.['step-2'], { files: ['file'] });
    assert.equal(workers.workspaces.leases.count, 0);
    assert.deepEqual(await workers.workspaces.list(), []);
  });

  it('hands out no folder while all are on loan', async () => {
    const inside: string[] = [];
    let most = 0;
    const hold = stepThat(async ({ promotion }) => {
      inside.push(promotion.name);
      most = Math.max(most, inside.length);
      await pause(300);
      inside.splice(inside.indexOf(promotion.name), 1);
      return {};
    }, 'workspace');
    workers = await startRig(server, root, [hold], { capacity: 1 });
    const handles = await Promise.all([
      promote(client, [hold]),
      promote(client, [hold]),
      promote(client, [hold]),
    ]);
    await Promise.all(handles.map((handle) => handle.result()));
    assert.equal(most, 1);
  });

  it('aborts the step of a promotion that is cancelled, and removes its files', async () => {
    const started = signalled();
    let reason: unknown;
    const stuck = stepThat(({ signal }) => {
      started.raise();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject((reason = signal.reason)), { once: true });
      });
    }, 'workspace');
    workers = await startRig(server, root, [stuck]);
    const handle = await promote(client, [stuck]);
    await started.raised;
    await handle.cancel();
    await assert.rejects(handle.result(), /cancel/i);
    assert.ok(reason instanceof CancelledFailure);
    assert.deepEqual(await workers.workspaces.list(), []);
  });

  it('lets a running step end before it stops, and takes no new one', async () => {
    const started = signalled();
    const slow = stepThat(async () => {
      started.raise();
      await pause(1000);
      return { output: { ended: true } };
    }, 'workspace');
    const after = stepThat(() => ({}), 'workspace');
    workers = await startRig(server, root, [slow, after]);
    const handle = await promote(client, [slow, after]);
    await started.raised;
    await workers.stop();
    workers = undefined;
    assert.deepEqual(await endedSteps(handle), ['step-1']);
    workers = await startRig(server, root, [slow, after]);
    assert.equal(((await handle.result()) as PromotionStatus).phase, 'Succeeded');
  });

  it('stops at once when told so, and the next worker on the disk goes on with the same files', async () => {
    const started = signalled();
    let runs = 0;
    const write = stepThat(async ({ workspace }) => {
      runs += 1;
      await writeFile(join(workspace.root, 'file'), 'x');
      return {};
    }, 'workspace');
    const stuck = stepThat(async ({ workspace, signal }) => {
      if (started.isRaised) return { output: { files: await readdir(workspace.root) } };
      started.raise();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    }, 'workspace');
    workers = await startRig(server, root, [write, stuck]);
    const { uid } = workers.workspaces;
    const handle = await promote(client, [write, stuck]);
    await started.raised;
    const begin = Date.now();
    await workers.stop(true);
    assert.ok(Date.now() - begin < 5000);
    workers = await startRig(server, root, [write, stuck]);
    assert.equal(workers.workspaces.uid, uid);
    const { state, stepExecutionMetadata } = (await handle.result()) as PromotionStatus;
    assert.deepEqual(state?.['step-2'], { files: ['file'] });
    assert.equal(stepExecutionMetadata[1]?.errorCount, 0, 'a shutdown is nobody’s error');
    assert.equal(runs, 1);
  });
});

/** Aliases of the steps that ended, read without asking a worker. */
async function endedSteps(handle: WorkflowHandle): Promise<readonly string[]> {
  const { events } = await handle.fetchHistory();
  const scheduled = new Map(
    events?.map(({ eventId, activityTaskScheduledEventAttributes: found }) => [
      String(eventId),
      found?.activityId,
    ]),
  );
  const ended = events?.flatMap(({ activityTaskCompletedEventAttributes: found }) =>
    found ? [scheduled.get(String(found.scheduledEventId)) ?? ''] : [],
  );
  const steps = ended?.map((id) => /^\d+-(.*)$/.exec(id)?.[1]).filter((alias) => alias !== undefined);
  return steps ?? [];
}

interface Flag {
  readonly isRaised: boolean;
  readonly raised: Promise<void>;
  raise(): void;
}

function signalled(): Flag {
  let isRaised = false;
  let resolve = () => {};
  const raised = new Promise<void>((done) => (resolve = done));
  return {
    get isRaised() {
      return isRaised;
    },
    raised,
    raise() {
      isRaised = true;
      resolve();
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
