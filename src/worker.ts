import { Client } from '@temporalio/client';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { createScrubber } from './activities/scrub.ts';
import { steps } from './activities/steps/index.ts';
import { openWorkspaces, type Workspaces } from './activities/workspace/workspaces.ts';
import { createLog, type Log, type LogOptions } from './log.ts';
import type { Tool } from './tools/tools.ts';
import { checkNamespace } from './worker/check-namespace.ts';
import { createSurroundings } from './worker/create-surroundings.ts';
import { findTools } from './worker/find-tools.ts';
import { openJanitor } from './worker/janitor.ts';
import { openWorkers, type Pollers } from './worker/open-workers.ts';
import { createPlan } from './worker/create-plan.ts';
import { installRuntime } from './worker/runtime.ts';
import { registerSearchAttributes } from './worker/search-attributes.ts';
import { createStop } from './worker/stop.ts';

/** What a worker needs to know. Folders are absolute. */
export interface WorkerSettings {
  /** Address, TLS, API key. */
  readonly connection: NativeConnectionOptions;
  readonly namespace: string;
  /** Folder for the files of promotions; no second worker may use it. */
  readonly workspaces: string;
  /** Folder or Git address; absent = promotions must bring their definitions or steps. */
  readonly definitions?: string;
  /** Folder of Kubernetes Secret manifests. */
  readonly secrets?: string;
  readonly tools: { resolve(name: string, signal?: AbortSignal): Promise<Tool> };
  readonly allowInlineSteps: boolean;
  /** Promotions whose files are worked on at a time; default 10. */
  readonly capacity?: number;
  /** Bytes that files of waiting promotions may take; default 10 GiB. */
  readonly maximumBytes?: number;
  /** Milliseconds that running steps get to end at `stop`; default 10 000. */
  readonly graceTime?: number;
  /** Milliseconds that `stop` first waits for promotions to give their folders back; default 0. For disks that do not outlive the worker. */
  readonly drainTime?: number;
  readonly log: Omit<LogOptions, 'scrub'>;
  /** How the worker is called in Temporal; default pid@host. */
  readonly identity?: string;
}

export interface RunningWorker {
  /** Identity of its disk; its own queue is `gantry-ws-<uid>`. */
  readonly uid: string;
  /** Settles when the worker is no more: with the error that ended it, or with undefined after `stop`. */
  readonly ended: Promise<Error | undefined>;
  /** Takes no new work, gives running steps their grace time, and lets go of everything. A second call gives them no more time. */
  stop(): Promise<void>;
}

/** Starts a worker; resolves when it polls all its queues. */
export async function startWorker(settings: WorkerSettings): Promise<RunningWorker> {
  const scrubber = createScrubber();
  const log = createLog({ ...settings.log, scrub: scrubber.text });
  installRuntime(log);
  const tools = await findTools(settings.tools, steps, log);
  const workspaces = await openWorkspaces(settings.workspaces, settings.capacity ?? 10);
  try {
    const connection = await NativeConnection.connect(settings.connection);
    try {
      return await startPolling({ settings, log, scrubber, tools, workspaces, connection });
    } catch (error) {
      await connection.close();
      throw error;
    }
  } catch (error) {
    await workspaces.close();
    throw error;
  }
}
