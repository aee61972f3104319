import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { StepDefinition } from '../../src/activities/define-step.ts';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';
import { promote, startRig, stepThat, type WorkerRig } from './worker-rig.ts';

describe('a worker that ends beside another one', function () {
  this.timeout(90_000);
  let server: TestServer;
  let client: Client;
  const rigs = new Set<WorkerRig>();
  const roots: string[] = [];

  before(async function () {
    server = await useTemporalServer();
    client = await server.client();
  });

  afterEach(async () => {
    for (const rig of rigs) await rig.stop();
    rigs.clear();
    for (const root of roots.splice(0)) await rm(root, { recursive: true });
  });

  it('hands a step over that it cuts off, and nobody counts that as an error', async () => {
    let cutOff = () => {};
    const begun = new Promise<void>((resolve) => (cutOff = resolve));
    let runs = 0;
    const work = stepThat(async ({ workspace, signal }) => {
      if (runs++ > 0) return { output: { files: await readdir(workspace.root) } };
      await writeFile(join(workspace.root, 'half-done'), '');
      cutOff();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    }, 'workspace');
    const handle = await promoteOnTwo([write, work], begun, true);
    const { phase, state, stepExecutionMetadata } = (await handle.result()) as PromotionStatus;
    assert.equal(phase, 'Succeeded');
    assert.deepEqual(state?.['step-2'], { files: ['file'] });
    assert.deepEqual(
      stepExecutionMetadata.map(({ errorCount }) => errorCount),
      [0, 0],
    );
    assert.deepEqual(await timedOut(handle), ['claim-workspace']);
  });

  it('says after a step that ends in time that the next one should go elsewhere', async () => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let runs = 0;
    const slow = stepThat(async ({ workspace }) => {
      begin();
      // On the other worker it has nothing to wait for.
      const [{ leaving }] = [...rigs] as [WorkerRig];
      if (runs++ === 0) await once(leaving, 'abort');
      await writeFile(join(workspace.root, 'slow'), '');
      return {};
    }, 'workspace');
    const list = stepThat(
      async ({ workspace }) => ({ output: { files: await readdir(workspace.root) } }),
      'workspace',
    );
    const handle = await promoteOnTwo([write, slow, list], begun, false);
    const { phase, state } = (await handle.result()) as PromotionStatus;
    assert.equal(phase, 'Succeeded');
    assert.deepEqual(state?.['step-3'], { files: ['file', 'slow'] });
    assert.deepEqual(await timedOut(handle), ['claim-workspace']);
  });

  const write = stepThat(async ({ workspace }) => {
    await writeFile(join(workspace.root, 'file'), '');
    return {};
  }, 'workspace');

  /** Ends the worker that has the files once a step has begun, while another one is there. */
  async function promoteOnTwo(
    steps: readonly StepDefinition[],
    begun: Promise<void>,
    now: boolean,
  ): Promise<WorkflowHandle> {
    const first = await start(steps);
    const handle = await promote(client, steps);
    await begun;
    await start(steps);
    await first.stop(now);
    rigs.delete(first);
    return handle;
  }

  async function start(steps: readonly StepDefinition[]): Promise<WorkerRig> {
    const root = await mkdtemp(join(tmpdir(), 'gantry-drain-'));
    roots.push(root);
    const rig = await startRig(server, root, steps);
    rigs.add(rig);
    return rig;
  }
});

/** Ids of the activities that waited for a worker in vain, or whose worker vanished. */
async function timedOut(handle: WorkflowHandle): Promise<readonly (string | null | undefined)[]> {
  const { events = [] } = await handle.fetchHistory();
  const scheduled = new Map(
    events?.map((event) => [String(event.eventId), event.activityTaskScheduledEventAttributes?.activityId]),
  );
  return (events ?? []).flatMap(({ activityTaskTimedOutEventAttributes: found }) =>
    found ? [scheduled.get(String(found.scheduledEventId))] : [],
  );
}
