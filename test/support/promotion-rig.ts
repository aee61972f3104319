import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { ActivityFailure } from '@temporalio/common';
import { WorkflowFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { notHereFailure } from '../../src/activities/step-failure.ts';
import { lookNow } from '../../src/activities/look-now.ts';
import {
  queues,
  type ClaimCall,
  type ConditionCall,
  type MarkCall,
  type PlanCall,
} from '../../src/core/promotion/calls.ts';
import type { Plan } from '../../src/core/promotion/plan.ts';
import type { StepResult, StepRun, WorkspaceClaim } from '../../src/core/promotion/step-run.ts';
import { bundleWorkflows } from '../../src/worker/bundle-workflows.ts';
import type { promotion } from '../../src/workflows/index.ts';
import { bundleNextVersion } from './next-version.ts';
import { useUpOldPolls } from './old-polls.ts';

/** What a scripted step does; its attempt counts from 1. */
export type Act = (
  run: StepRun,
  attempt: number,
  context: Context,
) => Promise<Partial<StepResult> | undefined>;

export interface Story {
  readonly plan: Plan | ((call: PlanCall) => Plan);
  /** By alias; a step without an act succeeds. */
  readonly acts?: Readonly<Record<string, Act>>;
  readonly condition?: (call: ConditionCall) => boolean;
  /** Disks that claims get, in order; the last repeats. Default one disk that forgets nothing. */
  readonly disks?: readonly Pick<WorkspaceClaim, 'uid' | 'holds'>[];
  /** The worker that plays the workflow has them: otherwise it says that they are elsewhere. */
  readonly here?: boolean;
  /** A disk that was given back does not take its folder up again. */
  readonly forgetful?: boolean;
  readonly request?: object;
}

/** The real workflow on a real server, with a worker whose steps are scripted. */
export interface PromotionRig {
  readonly client: Client;
  start(story: Story): Promise<WorkflowHandle<typeof promotion>>;
  /** What activities were called for a workflow, in order. */
  calls(workflowId: string): readonly string[];
  /** Replaces the worker of workflows by one of this version, as an upgrade does. */
  upgrade(to: 'current' | 'next'): Promise<void>;
  close(): Promise<void>;
}

export interface RigOptions {
  /** Each has a worker of its own. */
  readonly disks?: readonly string[];
  /** With 0 every workflow task replays the whole history. */
  readonly maxCachedWorkflows?: number;
}

/** Opens a rig on the connections given, which outlive it. */
export async function openPromotionRig(
  client: Client,
  connection: NativeConnection,
  { disks = ['disk1', 'disk2'], maxCachedWorkflows }: RigOptions = {},
): Promise<PromotionRig> {
  const stories = new Map<string, Story & { calls: string[]; claims: number }>();
  const activities = scriptedActivities((workflowId) => stories.get(workflowId)!);
  const shared = { connection, activities, maxConcurrentActivityTaskPolls: 2 };
  const createMain = async (version: 'current' | 'next') =>
    createWorker({
      ...shared,
      taskQueue: queues.main,
      workflowBundle: await (version === 'next' ? bundleNextVersion() : bundleWorkflows()),
      dataConverter: { payloadConverterPath },
      ...(maxCachedWorkflows !== undefined && { maxCachedWorkflows }),
    });
  let main = await run(createMain('current'));
  const others = await Promise.all([
    run(createWorker({ ...shared, taskQueue: queues.io })),
    run(createWorker({ ...shared, taskQueue: queues.claim })),
    ...disks.map((uid) => run(createWorker({ ...shared, taskQueue: queues.workspace(uid) }))),
  ]);
  await useUpOldPolls(client);

  return {
    client,
    async start(story) {
      const workflowId = `rig-${randomUUID()}`;
      stories.set(workflowId, { ...story, calls: [], claims: 0 });
      const request = { project: 'demo', stage: 'test', freight: 'f000001', ...story.request };
      return client.workflow.start<typeof promotion>('promotion', {
        taskQueue: queues.main,
        workflowId,
        args: [request],
      });
    },
    calls: (workflowId) => stories.get(workflowId)?.calls ?? [],
    async upgrade(to) {
      await main.end();
      main = await run(createMain(to));
      await useUpOldPolls(client);
    },
    async close() {
      await Promise.all([main, ...others].map((worker) => worker.end()));
    },
  };
}

/**
 * Waits until something holds, or the test's time is up; fails after a minute. Looks ever more seldom: a question to a
 * workflow that is not cached costs the worker a replay.
 */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  for (let pause = 20; Date.now() < end; pause = Math.min(pause * 1.3, 300)) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error('it never came to hold');
}

/** Never ends by itself; leaves when it is cancelled. */
export async function hang(): Promise<never> {
  const { heartbeat, cancelled } = Context.current();
  const ticker = setInterval(() => heartbeat(), 100);
  try {
    return await cancelled;
  } finally {
    clearInterval(ticker);
  }
}

/** How a step ends that cannot go on, told as the wrapper around steps tells it. */
export function stepFailure(
  status: 'Failed' | 'Errored',
  message: string,
  type = `Step${status}`,
): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type, { status, message });
}

/** What a promotion failed with. Throws when it did not. */
export async function failureOf(handle: WorkflowHandle): Promise<Error | undefined> {
  try {
    await handle.result();
  } catch (error) {
    if (error instanceof WorkflowFailedError)
      return error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
    throw error;
  }
  throw new Error('it did not fail');
}

/** What Temporal's Web UI shows of a promotion. */
export async function currentDetails(handle: WorkflowHandle): Promise<string> {
  const metadata = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails;
}

export const payloadConverterPath = fileURLToPath(
  new URL('../../src/workflows/payload-converter.ts', import.meta.url),
);

/** A worker under way. */
async function run(creation: Promise<Worker>): Promise<{ end(): Promise<void> }> {
  const worker = await creation;
  const running = worker.run();
  return {
    async end() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
    },
  };
}

function createWorker(options: WorkerOptions): Promise<Worker> {
  return Worker.create({ shutdownGraceTime: '1s', maxHeartbeatThrottleInterval: '200ms', ...options });
}

function scriptedActivities(find: (workflowId: string) => Story & { calls: string[]; claims: number }) {
  const story = () => find(Context.current().info.workflowExecution?.workflowId ?? '');
  return {
    async plan(call: PlanCall): Promise<Plan> {
      const { plan } = story();
      return typeof plan === 'function' ? plan(call) : plan;
    },
    async 'evaluate-condition'(call: ConditionCall): Promise<boolean> {
      story().calls.push(`condition ${call.scope.alias}`);
      return story().condition?.(call) ?? true;
    },
    async 'claim-workspace'({ generation }: ClaimCall): Promise<WorkspaceClaim> {
      const current = story();
      const { taskQueue } = Context.current().info;
      if (taskQueue === queues.main && !current.here) throw notHereFailure('it has no disk');
      if (current.forgetful && taskQueue !== queues.claim) {
        current.calls.push(`refused by ${taskQueue}`);
        throw ApplicationFailure.nonRetryable('the disk is full');
      }
      const disks = current.disks ?? [{ uid: 'disk1', holds: [] }];
      const disk = disks[Math.min(current.claims++, disks.length - 1)]!;
      current.calls.push(`claim ${disk.uid}`);
      return { ...disk, generation, tools: {} };
    },
    async 'release-workspace'({ remove }: { remove: boolean }): Promise<void> {
      const { here } = story();
      if (Context.current().info.taskQueue === queues.main && !here) throw notHereFailure('it has no disk');
      story().calls.push(remove ? 'remove' : 'release');
    },
    async 'mark-commits'({ state, commits }: MarkCall): Promise<void> {
      story().calls.push(`mark ${commits.map(({ sha }) => sha).join(' ')} ${state}`);
    },
    'look-now': lookNow,
    async default(run: StepRun): Promise<StepResult> {
      const { attempt, taskQueue } = Context.current().info;
      const { calls, acts } = story();
      calls.push(`${run.previous ? 'again' : 'run'} ${run.scope.alias} on ${taskQueue}`);
      const result = await acts?.[run.scope.alias]?.(run, attempt, Context.current());
      return { status: 'Succeeded', ...result };
    },
  };
}
