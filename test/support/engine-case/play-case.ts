import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StepDefinition } from '../../../src/activities/define-step.ts';
import { createEvaluateCondition } from '../../../src/activities/evaluate-condition.ts';
import type { Surroundings } from '../../../src/activities/run-step.ts';
import { createClaim } from '../../../src/activities/workspace/claim-workspace.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { createOutputs } from '../../../src/core/promotion/outputs.ts';
import type { Plan } from '../../../src/core/promotion/plan.ts';
import type { Run } from '../../../src/core/promotion/scope.ts';
import type { Effects } from '../../../src/workflows/effects.ts';
import { explainOtherFailure, explainStepFailure } from '../../../src/workflows/explain-failure.ts';
import { runSteps } from '../../../src/workflows/run-steps.ts';
import { CaseClock, CaseOver } from './case-clock.ts';
import { identityOf } from './case-request.ts';
import { caseSteps } from './case-steps.ts';
import { openCaseWorld } from './case-world.ts';
import type { EngineCase, ScriptedResult } from './engine-case.ts';
import { planCase } from './plan-case.ts';
import { serveStep } from './serve-step.ts';

/** What became of a case: a promotion, or a refusal. */
export interface PlayedCase {
  readonly plan?: Plan;
  readonly status?: Run['status'];
  /** Why there was no promotion. */
  readonly refused?: readonly string[];
  /** What would have become of it without the checks of expressions and configs. */
  readonly unchecked?: PlayedCase;
  /** By alias: attempts, and the config of the last one. */
  readonly seen: ReadonlyMap<string, SeenStep>;
  readonly files: Readonly<Record<string, string | null>>;
}

export interface SeenStep {
  readonly runs: number;
  readonly config?: Json;
}

/**
 * Plays a case through planner, interpreter and everything that surrounds a step in an activity; only the server is
 * scripted: it tries again without waiting.
 */
export async function playCase(engineCase: EngineCase, around: Surroundings): Promise<PlayedCase> {
  const course = openCourse(engineCase, around);
  const { plan, refused, unchecked } = planCase(engineCase, course.identity, course.steps);
  if (plan) return play(plan, course);
  const result = { refused: refused ?? [], seen: course.seen, files: {} };
  return unchecked ? { ...result, unchecked: await play(unchecked, course) } : result;
}

type Course = ReturnType<typeof openCourse>;

function openCourse(engineCase: EngineCase, around: Surroundings) {
  const clock = new CaseClock(engineCase);
  const world = openCaseWorld(engineCase.promotion);
  const state = createOutputs();
  const results = new Map(Object.entries(engineCase.scripted).map(([alias, list]) => [alias, [...list]]));
  const next = (alias: string): ScriptedResult => {
    const list = results.get(alias) ?? [];
    return (list.length > 1 ? list.shift() : list[0]) ?? {};
  };
  const steps = caseSteps(() => ({
    next,
    state: () => structuredClone(state) as JsonObject,
    setMetadata: world.setMetadata,
  }));
  return {
    engineCase,
    clock,
    state,
    steps,
    identity: identityOf(engineCase, clock.now()),
    around: { ...around, lookupsFor: () => Promise.resolve(world.lookups) },
    seen: new Map<string, SeenStep>(),
    root: undefined as string | undefined,
  };
}

async function play(plan: Plan, course: Course): Promise<PlayedCase> {
  const { name, project, stage } = course.identity;
  const start = { phase: 'Pending' as const, currentStep: 0, stepExecutionMetadata: [] };
  const status = { name, project, stage, ...start, state: course.state, healthChecks: [], commits: [] };
  const files: Record<string, string | null> = {};
  const run: Run = { plan, identity: course.identity, status };
  try {
    await runSteps(
      run,
      effectsOf(course, () => Object.assign(files, readFiles(course))),
    );
  } catch (error) {
    if (!(error instanceof CaseOver)) throw error;
  }
  return { plan, status, seen: course.seen, files: { ...readFiles(course), ...files } };
}

function effectsOf(course: Course, beforeRemoval: () => void): Effects {
  const { clock, around, steps, identity } = course;
  const claim = createClaim(around.workspaces, {}, () => 'run');
  return {
    now: () => clock.now(),
    findStop: () => clock.stop,
    changed: () => undefined,
    nextDecision: async () => undefined,
    resumed: async () => undefined,
    checkpoint: async () => undefined,
    isLong: () => false,
    mark: () => undefined,
    marked: async () => undefined,
    async acquireTurn() {
      while (!clock.isCurrent && !clock.stop) clock.lookAgain();
      return { kind: 'done', value: undefined };
    },
    async evaluateCondition(call) {
      try {
        return { kind: 'done', value: await createEvaluateCondition(around)(call) };
      } catch (error) {
        return explainOtherFailure(error);
      }
    },
    async runStep(step, stepRun) {
      if (stepRun.workspace && clock.takeLoss()) return { kind: 'lost', message: 'the disk is gone' };
      const definition = observe(
        steps.find(({ kind }) => kind === step.uses)!,
        course,
        stepRun.scope.alias,
      );
      try {
        const value = await serveStep(definition, stepRun, around, clock);
        return value ? { kind: 'done', value } : { kind: 'stopped' };
      } catch (error) {
        if (error instanceof CaseOver) throw error;
        return explainStepFailure(error, step);
      }
    },
    async claimWorkspace(generation) {
      const { workflowId, firstRunId } = identity;
      return { kind: 'done', value: await claim({ workflowId, firstRunId, generation }) };
    },
    async releaseWorkspace(_uid, remove) {
      if (remove) beforeRemoval();
      const { workflowId, firstRunId } = identity;
      await around.workspaces.release({ workflowId, firstRunId, remove });
    },
  };
}

/** The same step; notes its attempts and their configs, before defaults are filled in. */
function observe(definition: StepDefinition, course: Course, alias: string): StepDefinition {
  const { seen } = course;
  let isFirst = true;
  return {
    ...definition,
    upgrade(config) {
      seen.set(alias, { runs: seen.get(alias)?.runs ?? 0, config });
      return definition.upgrade?.(config) ?? config;
    },
    async run(config, world) {
      seen.set(alias, { ...seen.get(alias), runs: (seen.get(alias)?.runs ?? 0) + 1 });
      if (definition.place === 'workspace' && isFirst) await prepareFiles(course, world.workspace.root);
      isFirst = false;
      return definition.run(config, world);
    },
  };
}

async function prepareFiles(course: Course, root: string): Promise<void> {
  if (course.root === root) return;
  course.root = root;
  for (const [path, text] of Object.entries(course.engineCase.promotion.files ?? {})) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

function readFiles({ engineCase, root }: Course): Record<string, string | null> {
  if (root === undefined || !existsSync(root)) return {};
  const read = (path: string) =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
  return Object.fromEntries((engineCase.show ?? []).map((path) => [path, read(path)]));
}
