import type { DataConverter } from '@temporalio/common';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import { slotsOf } from '../activities/workspace/claim-workspace.ts';
import type { Workspaces } from '../activities/workspace/workspaces.ts';
import { queues } from '../core/promotion/calls.ts';
import { bundleWorkflows } from './bundle-workflows.ts';
import { createClaimGate } from './claim-gate.ts';

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly identity?: string;
  /** How payloads are written and read. */
  readonly converter: DataConverter;
  readonly activities: Activities;
  readonly workspaces: Workspaces;
  /** Milliseconds a step gets to end by itself at shutdown. */
  readonly graceTime: number;
}

/** One poller of one queue. */
export interface RunningPoller {
  /** Settles when it has stopped; rejects when something broke. */
  readonly ended: Promise<void>;
  /** Whether it works on an activity now. */
  isBusy(): boolean;
  shutdown(): Promise<void>;
}

/** The four of them, by what they poll. */
export type Pollers = Readonly<Record<'main' | 'io' | 'claim' | 'host', RunningPoller>>;

/** Starts polling all four kinds of queue over one connection. */
export async function openWorkers(options: WorkersOptions): Promise<Pollers> {
  const { activities, workspaces } = options;
  const { capacity } = workspaces.leases;
  const [main, io, claim, host] = await Promise.all([
    createMain(options),
    createWorker(options, queues.io, activities.io, { maxConcurrentActivityTaskExecutions: 200 }),
    createWorker(options, queues.claim, activities.claim, {
      ...fewPolls,
      tuner: {
        activityTaskSlotSupplier: createClaimGate(workspaces.leases),
        workflowTaskSlotSupplier: oneSlot,
        localActivityTaskSlotSupplier: oneSlot,
        nexusTaskSlotSupplier: oneSlot,
      },
    }),
    createWorker(options, queues.workspace(workspaces.uid), activities.host, {
      ...fewPolls,
      // Beside a step for each lease there must always be room for a claim or a release.
      maxConcurrentActivityTaskExecutions: slotsOf(capacity) + 10,
    }),
  ]);
  return { main: run(main), io: run(io), claim: run(claim), host: run(host) };
}

async function createMain(options: WorkersOptions): Promise<Worker> {
  return createWorker(options, queues.main, options.activities.main, {
    workflowBundle: await bundleWorkflows(),
    // A worker that was killed must not hold up its promotions for the default 10 s.
    stickyQueueScheduleToStartTimeout: '3s',
    // Those that wait need no memory for weeks: one that is read anew goes on a few milliseconds later.
    maxCachedWorkflows: 300,
    maxConcurrentActivityTaskExecutions: 100,
    // Five of ten polls: servers keep a queue in four parts, and what comes where nobody polls waits for seconds.
    nonStickyToStickyPollRatio: 0.5,
  });
}

function createWorker(
  { connection, namespace, identity, converter, graceTime }: WorkersOptions,
  taskQueue: string,
  activities: object,
  more: Partial<WorkerOptions>,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    dataConverter: converter,
    ...(identity !== undefined && { identity }),
    // The default sends heartbeats of steps every 8 s, and with them comes the news of a cancellation.
    maxHeartbeatThrottleInterval: '2s',
    shutdownGraceTime: graceTime,
    // Should an activity not even react to that, the process must end all the same.
    shutdownForceTime: graceTime + 20_000,
    ...more,
  });
}

function run(worker: Worker): RunningPoller {
  const ended = worker.run();
  return {
    ended,
    isBusy: () => worker.getState() === 'RUNNING' && worker.getStatus().numInFlightActivities > 0,
    async shutdown() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended.catch(() => undefined);
    },
  };
}

/** Every worker has these two queues: polls of a large fleet must stay under the server's limit. */
const fewPolls = { maxConcurrentActivityTaskPolls: 2 };

const oneSlot = { type: 'fixed-size', numSlots: 1 } as const;
