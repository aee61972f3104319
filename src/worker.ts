import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { createCatalogue } from './activities/catalogue.ts';
import { joinSteps } from './activities/join-steps.ts';
import { createPlanActivity } from './activities/plan.ts';
import { createScrubber, type Scrubber } from './activities/scrub.ts';
import type { StepDefinition } from './activities/define-step.ts';
import { steps as builtIn } from './activities/steps/index.ts';
import { openWorkspaces } from './activities/workspace/open-workspaces.ts';
import type { Workspaces } from './activities/workspace/workspaces.ts';
import { createWorkerConverter } from './encryption/converters.ts';
import { createLog, type Log } from './log.ts';
import { openProcessHost, type ProcessHost } from './providers/programs/open-process-host.ts';
import { checkResourceFolder } from './providers/resources/resource-folder.ts';
import { findUnreadable } from './worker/check-keys.ts';
import { checkNamespace } from './worker/check-namespace.ts';
import { createSurroundings } from './worker/create-surroundings.ts';
import { findTools, type WorkerTools } from './worker/find-tools.ts';
import { openJanitor } from './worker/janitor.ts';
import { openDefinitions } from './worker/open-definitions.ts';
import { openWorkers, type Pollers } from './worker/open-workers.ts';
import { installRuntime } from './worker/runtime.ts';
import { checkAllowed, restrictSteps } from './worker/restrict-steps.ts';
import { registerSearchAttributes } from './worker/search-attributes.ts';
import type { WorkerSettings } from './worker/settings.ts';
import { stopPolling } from './worker/stop-polling.ts';
import { withoutWaste } from './worker/without-waste.ts';

export type { WorkerSettings };

/** A worker under way. */
export interface RunningWorker {
  /** Identity of its disk; its own queue is `gantry-ws-<uid>`. */
  readonly uid: string;
  /** Settles when the worker is no more: with the error that ended it, or with undefined after `stop`. */
  readonly ended: Promise<Error | undefined>;
  /** Takes no new work, gives running steps their grace time, and lets go of everything. A second call gives them no more time. */
  stop(): Promise<void>;
}

/** Starts a worker; resolves when it polls all its queues. Rejects with nothing left open. */
export async function startWorker(settings: WorkerSettings): Promise<RunningWorker> {
  const joined = joinSteps(builtIn, settings.steps ?? []);
  const { allowSteps = [] } = settings;
  checkAllowed(joined, allowSteps);
  const steps = restrictSteps(joined, allowSteps);
  const scrubber = createScrubber();
  const log = createLog({ ...settings.log, scrub: (line) => scrubber.text(line) });
  installRuntime(log);
  const problem = settings.secrets && (await checkResourceFolder(settings.secrets));
  if (problem) throw new Error(problem);
  const tools = await findTools((name) => settings.tools.resolve(name), steps, log);
  const workspaces = await openWorkspaces(settings.workspaces, settings.capacity ?? 10);
  const host = openProcessHost();
  try {
    host.warm();
    const connection = await NativeConnection.connect(withoutWaste(settings.connection));
    try {
      return await startPolling({ settings, steps, log, scrubber, tools, workspaces, host, connection });
    } catch (error) {
      await connection.close();
      throw error;
    }
  } catch (error) {
    await host.close();
    await workspaces.close();
    throw error;
  }
}

/** What is open before polling begins. */
interface Opened {
  readonly settings: WorkerSettings;
  readonly steps: readonly StepDefinition[];
  readonly log: Log;
  readonly scrubber: Scrubber;
  readonly tools: WorkerTools;
  readonly workspaces: Workspaces;
  readonly host: ProcessHost;
  readonly connection: NativeConnection;
}

async function startPolling(opened: Opened): Promise<RunningWorker> {
  const { settings, steps, log, scrubber, tools, workspaces, host, connection } = opened;
  const {
    namespace,
    keys = [],
    graceTime = 10_000,
    drainTime = 0,
    maximumBytes = 10 * 1024 ** 3,
    identity,
  } = settings;
  await checkNamespace(connection, namespace, log);
  const client = new Client({ connection, namespace });
  const unreadable = await findUnreadable(client, keys, log);
  if (unreadable) throw new Error(unreadable);
  const leaving = new AbortController();
  const closing = new AbortController();
  const surroundings = createSurroundings({
    settings,
    tools,
    workspaces,
    runProgram: host.run,
    scrubber,
    log,
    leaving: leaving.signal,
    closing: closing.signal,
  });
  const definitions = openDefinitions(settings, surroundings);
  const plan = createPlanActivity({
    catalogue: createCatalogue(steps),
    searchAttributes: await registerSearchAttributes(connection, namespace, log),
    tools: tools.versions,
    allowInlineSteps: settings.allowInlineSteps,
    redact: (text) => scrubber.text(text),
    allowSteps: settings.allowSteps ?? [],
    ...(settings.uiBaseUrl && { uiBaseUrl: settings.uiBaseUrl }),
    ...(definitions && { source: definitions }),
  });
  const activities = createActivities({ steps, surroundings, plan, tools: tools.versions });
  const named = identity !== undefined && { identity };
  const converter = createWorkerConverter(keys);
  const pollers = await openWorkers({
    connection,
    namespace,
    converter,
    activities,
    workspaces,
    graceTime,
    ...named,
  });
  const janitor = openJanitor({ workspaces, client, log, maximumBytes, git: tools.git });
  const { uid, leases } = workspaces;
  log.info('Worker is ready', { uid, namespace, capacity: leases.capacity, tools: tools.versions });
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= stopPolling({ pollers, leases, leaving, closing, drainTime, graceTime }));
  const ended = watch(pollers, async () => {
    await stop();
    await janitor.close();
    await definitions?.close();
    await host.close();
    await connection.close();
    await workspaces.close();
    log.info('Worker has stopped', { uid });
  });
  return {
    uid,
    ended,
    async stop() {
      if (stopping) closing.abort();
      await stop();
      await ended;
    },
  };
}

/** Waits for the first poller to end, asked to or broken, then ends the rest. Answers what broke. */
async function watch(pollers: Pollers, close: () => Promise<void>): Promise<Error | undefined> {
  const ends = Object.values(pollers).map(({ ended }) => ended);
  const failure = await Promise.race(ends).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  await close();
  return failure;
}
