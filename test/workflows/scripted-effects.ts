import type { Plan, PlannedStep } from '../../src/core/promotion/plan.ts';
import { createOutputs } from '../../src/core/promotion/outputs.ts';
import type { Run } from '../../src/core/promotion/scope.ts';
import type { StepResult, StepRun } from '../../src/core/promotion/step-run.ts';
import type { Stop } from '../../src/core/promotion/stop.ts';
import type { Effects, End, HeldDecision } from '../../src/workflows/effects.ts';
import { runSteps } from '../../src/workflows/run-steps.ts';

/** What a scripted step does when it runs; the last entry repeats. `stop` stops the promotion meanwhile. */
export type Script =
  'ok' | 'fail' | 'error' | 'lost' | 'skip' | 'stop' | 'timeout' | Partial<StepResult> | End<StepResult>;

export interface Scene {
  readonly steps: readonly Partial<PlannedStep>[];
  /** By alias; a step without script succeeds without output. */
  readonly scripts?: Readonly<Record<string, Script | readonly Script[]>>;
  /** What each claim finds in the folder it gets. */
  readonly holds?: readonly (readonly number[])[];
  readonly answers?: Readonly<Record<string, End<boolean>>>;
  readonly vars?: Plan['vars'];
  /** Somebody stops the promotion while this is under way, which ends well all the same. */
  readonly stopDuring?: 'condition' | 'claim' | 'release';
  readonly onFailure?: Run['onFailure'];
  readonly commitStatuses?: true;
  /** What people decide about steps that are held, in order; then they abort. */
  readonly decisions?: readonly HeldDecision[];
}

/** Runs a scene through the interpreter; gives the final status and everything asked of the world, in order. */
export async function play(scene: Scene) {
  const run = createRun(scene);
  const asked: string[] = [];
  const runs: StepRun[] = [];
  let stop: Stop | undefined;
  let clock = Date.parse('2026-01-01T00:00:00Z');
  let claims = 0;
  let decided = 0;
  const scripts = new Map(
    Object.entries(scene.scripts ?? {}).map(([alias, script]) => [alias, [script].flat()]),
  );

  const stopDuring = (what: Scene['stopDuring']): void => {
    if (scene.stopDuring === what) stop ??= { kind: 'abort', actor: 'ann' };
  };
  const effects: Effects = {
    now: () => new Date((clock += 1000)).toISOString(),
    findStop: () => stop,
    acquireTurn: async () => ({ kind: 'done', value: undefined }),
    changed: () => undefined,
    isLong: () => true,
    checkpoint: async () => undefined,
    async nextDecision() {
      asked.push(
        `held at ${run.status.waitingFor?.kind === 'decision' ? run.status.waitingFor.step : 'nothing'}`,
      );
      const decision = scene.decisions?.[decided++];
      if (!decision) stop = { kind: 'abort', actor: 'ann' };
      return decision;
    },
    async resumed() {
      asked.push('paused');
      delete run.status.paused;
    },
    async evaluateCondition(_call, step) {
      asked.push(`condition ${step.alias}`);
      stopDuring('condition');
      return scene.answers?.[step.alias] ?? { kind: 'done', value: true };
    },
    async runStep(step, stepRun) {
      asked.push(
        `${stepRun.previous ? 'again' : 'run'} ${step.alias}${stepRun.workspace ? ` on ${stepRun.workspace.uid}` : ''}`,
      );
      runs.push(stepRun);
      const script = scripts.get(step.alias) ?? [];
      const next = script.length > 1 ? script.shift()! : (script[0] ?? 'ok');
      if (next === 'stop') stop = { kind: 'abort', actor: 'ann' };
      if (next === 'timeout') stop = { kind: 'timeout', after: 60_000 };
      return toEnd(next, step.alias);
    },
    async claimWorkspace(generation, uid) {
      asked.push(`claim ${generation}${uid ? ` at ${uid}` : ''}`);
      stopDuring('claim');
      const holds = scene.holds?.[claims] ?? [];
      claims++;
      return { kind: 'done', value: { uid: `disk${claims}`, generation, holds, tools: {} } };
    },
    mark({ commits, state }) {
      asked.push(`mark ${commits.map(({ sha }) => sha).join(' ')} ${state}`);
    },
    marked: async () => undefined,
    async releaseWorkspace(uid, remove) {
      asked.push(`${remove ? 'remove' : 'release'} ${uid}`);
      stopDuring('release');
    },
  };
  await runSteps(run, effects);
  return { status: run.status, asked, runs };
}

/** The record of each step in one line: `alias: Status message`. */
export function summaryOf(status: Run['status']): string[] {
  return status.stepExecutionMetadata.map(({ alias, status: end, message }) =>
    [`${alias}: ${end}`, message].filter(Boolean).join(' '),
  );
}

function toEnd(script: Script, alias: string): End<StepResult> {
  if (typeof script === 'object') {
    return 'kind' in script ? script : { kind: 'done', value: { status: 'Succeeded', ...script } };
  }
  switch (script) {
    case 'ok':
      return { kind: 'done', value: { status: 'Succeeded' } };
    case 'skip':
      return { kind: 'done', value: { status: 'Skipped', message: 'nothing to do' } };
    case 'fail':
      return { kind: 'failed', failure: { status: 'Failed', message: `${alias} failed` } };
    case 'error':
      return { kind: 'failed', failure: { status: 'Errored', message: `${alias} errored` } };
    case 'lost':
      return { kind: 'lost', message: 'the disk is gone' };
    default:
      return { kind: 'stopped' };
  }
}

export function createRun({
  steps,
  vars = [],
  onFailure = 'fail',
  commitStatuses,
}: Pick<Scene, 'steps' | 'vars' | 'onFailure' | 'commitStatuses'>): Run {
  const plan = { ...createPlan(steps, vars), ...(commitStatuses && { commitStatuses }) };
  return {
    plan,
    onFailure,
    identity: {
      name: 'test.1',
      project: 'demo',
      stage: 'test',
      workflowId: 'w',
      firstRunId: 'r',
      startedAt: '2026-01-01T00:00:00.000Z',
    },
    status: {
      name: 'test.1',
      project: 'demo',
      stage: 'test',
      phase: 'Pending',
      currentStep: 0,
      stepExecutionMetadata: [],
      state: createOutputs(),
      healthChecks: [],
      commits: [],
    },
  };
}

/** A plan of steps of which only what matters is given. */
export function createPlan(steps: readonly Partial<PlannedStep>[], vars: Plan['vars'] = []): Plan {
  const target = { name: 'f000001', alias: 'calm-crow', commits: [], images: [], charts: [], artifacts: [] };
  return {
    project: 'demo',
    stage: 'test',
    freight: { target, collection: [target], origins: [], warehouses: [] },
    vars,
    steps: steps.map(createStep),
    definitions: { source: 'test', revision: '1' },
    searchAttributes: [],
    tools: {},
    warnings: [],
  };
}

function createStep(step: Partial<PlannedStep>, index: number): PlannedStep {
  return {
    alias: `step-${index + 1}`,
    uses: 'scripted',
    summary: `does ${step.alias ?? index + 1}`,
    continueOnError: false,
    vars: [],
    config: {},
    retry: { errorThreshold: 1, backoff: { initial: 1000, factor: 2, max: 60_000 } },
    place: 'anywhere',
    effect: 'none',
    repeatable: true,
    ...step,
  };
}
