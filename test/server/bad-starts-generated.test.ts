import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createCatalogue } from '../../src/activities/catalogue.ts';
import { createPlanActivity } from '../../src/activities/plan.ts';
import { steps } from '../../src/activities/steps/index.ts';
import { queues } from '../../src/core/promotion/calls.ts';
import { badStarts, type BadStart } from '../support/bad-starts.ts';
import { useTemporalServer } from '../support/temporal-server.ts';
import { startRig, type WorkerRig } from './worker-rig.ts';

const starts = badStarts(20260101, 320);

/** Starts under way at a time. */
const atATime = 40;

/** Milliseconds. Each should end at once; a loaded machine gets time, a retry that never ends does not. */
const patience = 20_000;

describe('generated bad starts', function () {
  this.timeout(120_000);
  let rig: WorkerRig;
  let client: Client;
  const folder = mkdtempSync(join(tmpdir(), 'gantry-bad-'));
  before(async () => {
    const server = await useTemporalServer();
    client = await server.client();
    const world = {
      searchAttributes: [],
      tools: { git: '2', helm: '3', kustomize: '5' },
      allowInlineSteps: true,
    };
    const plan = createPlanActivity({ catalogue: createCatalogue(steps), ...world });
    rig = await startRig(server, folder, steps, { plan });
  });
  after(async () => {
    await rig.stop(true);
    rmSync(folder, { recursive: true, force: true });
  });

  it(`ends ${starts.length} of them as InvalidPromotion, each with a message, none with a failed workflow task`, async () => {
    const faults: string[] = [];
    const pending = [...starts];
    const runners = Array.from({ length: atATime }, async () => {
      for (let next = pending.pop(); next; next = pending.pop()) faults.push(...(await check(client, next)));
    });
    await Promise.all(runners);
    assert.deepEqual(faults, []);
  });

  it('refuses 3 MB before there is a workflow, or ends it as InvalidPromotion', async () => {
    const data = Buffer.from(JSON.stringify({ project: 'x'.repeat(3 * 1024 * 1024) }));
    const start: BadStart = {
      title: 'three megabytes',
      payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data }],
    };
    const outcome = await check(client, start).catch((error: Error) => [error.message]);
    assert.match(outcome.join() || 'too large', /exceeds (size )?limit|too large|larger than max/i);
  });
});

/** What is wrong with the end of a bad start. */
async function check(client: Client, { title, payloads }: BadStart): Promise<readonly string[]> {
  const workflowId = `generated-${randomUUID()}`;
  await client.workflowService.startWorkflowExecution({
    namespace: 'default',
    workflowId,
    requestId: randomUUID(),
    workflowType: { name: 'promotion' },
    taskQueue: { name: queues.main },
    input: { payloads: [...payloads] },
  });
  const handle = client.workflow.getHandle(workflowId);
  const end = await Promise.race([
    handle.result().then(
      () => 'completed',
      () => 'failed',
    ),
    new Promise<string>((resolve) => setTimeout(() => resolve('still running'), patience).unref()),
  ]);
  if (end !== 'failed') return [`${title}: ${end}`];
  const { events } = await handle.fetchHistory();
  const failedTasks = events?.filter((event) => event.workflowTaskFailedEventAttributes);
  const failure = events?.at(-1)?.workflowExecutionFailedEventAttributes?.failure;
  const message = failure?.message ?? '';
  return [
    ...(failedTasks?.length ? [`${title}: a workflow task failed`] : []),
    ...(failure?.applicationFailureInfo?.type === 'InvalidPromotion' ? [] : [`${title}: ${message}`]),
    ...(isReadable(message) ? [] : [`${title}: cannot be read: ${message.slice(0, 300)}`]),
  ];
}

/** Says what is wrong and with what, in bounds, without control characters or half ones, and without a stack. */
function isReadable(message: string): boolean {
  const isBounded = message.length > 30 && message.length < 17_000;
  return isBounded && !/[\p{Surrogate}\0]/u.test(message) && !/\n\s+at .*:\d+:\d+/.test(message);
}
