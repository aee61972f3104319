import type { Client, WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import {
  defineStep,
  type StepDefinition,
  type StepOutcome,
  type StepWorld,
} from '../../src/activities/define-step.ts';
import { createActivities } from '../../src/activities/index.ts';
import type { Pace } from '../../src/activities/patience.ts';
import { createScrubber } from '../../src/activities/scrub.ts';
import { openWorkspaces } from '../../src/activities/workspace/open-workspaces.ts';
import type { Workspaces } from '../../src/activities/workspace/workspaces.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { queues, type EngineActivities } from '../../src/core/promotion/calls.ts';
import type { Plan, PlannedStep } from '../../src/core/promotion/plan.ts';
import { object } from '../../src/core/schema/describe.ts';
import { createWorkerConverter } from '../../src/encryption/converters.ts';
import { createLog } from '../../src/log.ts';
import { openWorkers, type Pollers } from '../../src/worker/open-workers.ts';
import { installRuntime } from '../../src/worker/runtime.ts';
import { stopPolling } from '../../src/worker/stop-polling.ts';

/** The pollers of a worker that runs a test's own steps, on a plan made of just these: no definitions, no tools. */
export interface WorkerRig {
  readonly workspaces: Workspaces;
  /** Whether an activity of this kind of queue is under way. */
  isBusy(queue: keyof Pollers): boolean;
  /** Aborts when it takes no further step. */
  readonly leaving: AbortSignal;
  /** With `now` running steps are cut off. */
  stop(now?: boolean): Promise<void>;
}

interface RigOptions {
  readonly capacity?: number;
  /** Default: the steps of the rig, in order, whatever is asked for. */
  readonly plan?: EngineActivities['plan'];
  /** Default the usual one. */
  readonly pace?: Pace;
}

/** Starts the pollers with their files in `root`. */
export async function startRig(
  server: { readonly address: string; readonly namespace: string },
  root: string,
  steps: readonly StepDefinition[],
  { capacity = 4, plan = () => Promise.resolve(planOf(steps)), pace }: RigOptions = {},
): Promise<WorkerRig> {
  installRuntime(createLog({ level: 'error', format: 'text', write: () => {} }));
  const workspaces = await openWorkspaces(root, capacity);
  const connection = await NativeConnection.connect({ address: server.address });
  const { namespace } = server;
  const leaving = new AbortController();
  const closing = new AbortController();
  const activities = createActivities({
    steps,
    plan,
    tools: {},
    surroundings: {
      workspaces,
      credentials: { find: () => Promise.resolve(undefined) },
      resolveTool: (name) => Promise.reject(new Error(`no ${name}`)),
      gitBinary: 'git',
      gitIdentity: { name: 'Kargo', email: 'no-reply@kargo.io' },
      environment: {},
      taskPrefix: `${workspaces.uid}/`,
      logFor: () => ({ debug() {}, info() {}, warn() {} }),
      scrubber: createScrubber(),
      leaving: leaving.signal,
      closing: closing.signal,
      ...(pace && { pace }),
    },
  });
  const graceTime = 10_000;
  const converter = createWorkerConverter([]);
  const pollers = await openWorkers({ connection, namespace, converter, activities, workspaces, graceTime });
  return {
    workspaces,
    isBusy: (queue) => pollers[queue].isBusy(),
    leaving: leaving.signal,
    async stop(now = false) {
      const { leases } = workspaces;
      const stopping = stopPolling({ pollers, leases, leaving, closing, drainTime: 0, graceTime });
      if (now) closing.abort();
      await stopping;
      await connection.close();
      await workspaces.close();
    },
  };
}

/** Starts a promotion of the rig's steps. */
export function promote(
  client: Client,
  steps: readonly { readonly kind: string }[],
): Promise<WorkflowHandle> {
  const freight = { images: [{ repoURL: 'registry.test/app', tag: '1.0.0' }] };
  return client.workflow.start('promotion', {
    taskQueue: queues.main,
    workflowId: `rig-${Math.random().toString(36).slice(2)}`,
    args: [{ project: 'demo', stage: 'test', freight, steps: steps.map(({ kind }) => ({ uses: kind })) }],
  });
}

/** A step of a kind of its own that does this, repeatable, on files if its place is the workspace. */
export function stepThat(
  behave: (world: StepWorld) => StepOutcome | Promise<StepOutcome>,
  place: StepDefinition['place'] = 'anywhere',
  kind = `probe-${(kinds += 1)}`,
): StepDefinition {
  return defineStep({
    kind,
    summary: 'A step for tests.',
    place,
    repeatable: true,
    examples: [],
    effect: place === 'workspace' ? 'workspace' : 'none',
    config: object({}),
    run: async (_config, world) => behave(world) as Promise<StepOutcome<never>>,
  });
}

let kinds = 0;

/** A plan of these steps, in order. */
export function planOf(
  steps: readonly StepDefinition[],
  configOf: (index: number) => JsonObject = () => ({}),
): Plan {
  const freight = { name: 'f', alias: 'calm-crab', commits: [], images: [], charts: [], artifacts: [] };
  return {
    project: 'demo',
    stage: 'test',
    freight: { target: freight, collection: [freight], origins: [], warehouses: [] },
    vars: [],
    steps: steps.map((step, index) => ({ ...plannedStep(step, index), config: configOf(index) })),
    definitions: { source: 'none', revision: '' },
    searchAttributes: [],
    tools: {},
    warnings: [],
  };
}

function plannedStep(
  { kind, summary, place, effect, repeatable }: StepDefinition,
  index: number,
): PlannedStep {
  return {
    alias: `step-${index + 1}`,
    uses: kind,
    summary,
    place,
    effect,
    repeatable,
    continueOnError: false,
    vars: [],
    config: {},
    retry: { errorThreshold: 3, backoff: { initial: 10, factor: 2, max: 100 } },
  };
}
