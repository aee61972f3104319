import { outcomeFunctions } from '../template/functions/index.ts';
import { referencesOf } from '../template/references.ts';
import { limits } from './limits.ts';
import { outputsOf, readsOf, taskOf, type Outputs } from './outputs.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { PromotionRequest } from './request.ts';
import { formatSize, sizeOfJson } from './size.ts';
import { recordsSeenBy, type StepCondition } from './step-conditions.ts';
import type { PromotionStatus } from './status.ts';
import type {
  MarkedCommit,
  PromotionIdentity,
  Scope,
  ScopeRecord,
  StepRun,
  WorkspaceClaim,
} from './step-run.ts';

/** A promotion under way: what it does, whose it is, and how far it got. */
export interface Run {
  /** Replaced when people correct a step. */
  plan: Plan;
  readonly identity: PromotionIdentity;
  readonly status: PromotionStatus & { state: Outputs };
  /** Commits that show at their hosts how it goes; only where the plan asks for it. */
  marks?: readonly MarkedCommit[];
  /** What a step that failed does to the promotion; absent = `fail`. */
  readonly onFailure?: PromotionRequest['onFailure'];
}

/** What a condition of a step may see; that of a reference to its task sees what was there before the task. */
export function conditionScope(
  run: Run,
  index: number,
  { text, reference }: StepCondition,
  now: string,
): Scope {
  const step = reference ? { alias: reference.alias, vars: reference.vars } : run.plan.steps[index]!;
  const references = referencesOf(text, ...step.vars.map(({ value }) => value));
  return scopeOf(run, reference?.first ?? index, step, now, references);
}

/** Everything the activity of a step is given. The same step gives the same, also when it runs a second time. */
export function stepRunOf(run: Run, index: number, workspace?: WorkspaceClaim): StepRun {
  const step = run.plan.steps[index]!;
  const { startedAt = run.identity.startedAt, retriedAt } = run.status.stepExecutionMetadata[index] ?? {};
  const before = run.plan.steps.slice(0, index);
  return {
    index,
    uses: step.uses,
    config: step.config,
    ...(step.unconfigured && { unconfigured: true }),
    scope: scopeOf(
      run,
      index,
      step,
      startedAt,
      referencesOf(step.config, ...step.vars.map(({ value }) => value)),
    ),
    retry: step.retry,
    ...(step.channels && run.plan.channels && { channels: run.plan.channels }),
    ...(run.plan.generatedBranch !== undefined && { generatedBranch: run.plan.generatedBranch }),
    ...(retriedAt !== undefined && { retriedAt }),
    ...(step.retry.timeout !== undefined && { deadline: addTo(retriedAt ?? startedAt, step.retry.timeout) }),
    ...(workspace && { workspace }),
    reads: readsOf(step.reads ?? [], before, run.status.state),
  };
}

/** What is wrong with the input of a step when it is too large for an activity. */
export function checkStepRun({ scope, config }: StepRun, size: number): string | undefined {
  if (size <= limits.stepInput) return undefined;
  const parts = Object.entries(scope.outputs).map(([alias, output]) => ({
    name: `the output of "${alias}"`,
    size: sizeOfJson(output),
  }));
  const largest = [{ name: 'its config', size: sizeOfJson(config) }, ...parts].reduce((a, b) =>
    b.size > a.size ? b : a,
  );
  return (
    `InputTooLarge: step "${scope.alias}" would be given ${formatSize(size)}, more than ${formatSize(limits.stepInput)}; ` +
    `most of it is ${largest.name} with ${formatSize(largest.size)}`
  );
}

type References = ReturnType<typeof referencesOf>;

/** Whose expression it is: a step, or a reference to a task. */
type Reader = Pick<PlannedStep, 'alias' | 'task' | 'vars'>;

function scopeOf(run: Run, index: number, reader: Reader, startedAt: string, references: References): Scope {
  const { plan, identity, status } = run;
  const { alias, task, vars } = reader;
  const outputs = outputsOf(plan.steps.slice(0, index), status.state);
  return {
    identity,
    alias,
    ...(task !== undefined && { task }),
    promotionVars: plan.vars,
    stepVars: vars,
    outputs: pickOutputs(outputs, taskOf(reader), references),
    records: readsRecords(references) ? [...recordsBefore(run, index), emptyRecord(run, index, reader)] : [],
    freight: plan.freight,
    startedAt,
  };
}

function pickOutputs(outputs: Outputs, task: string | undefined, references: References): Outputs {
  const picked = outputsOf([], outputs);
  for (const [key, output] of Object.entries(outputs)) {
    const inTask = task !== undefined && key.startsWith(`${task}::`);
    const isRead =
      holds(references.outputs, key) ||
      (inTask && holds(references.taskOutputs, key.slice(task.length + '::'.length)));
    if (isRead) picked[key] = output;
  }
  return picked;
}

/** In a promotion of many steps the records of them all would soon be most of what each step is given. */
function readsRecords({ names }: References): boolean {
  return ['$env', 'stepMetas', ...outcomeFunctions].some((name) => names.has(name));
}

function holds(names: ReadonlySet<string> | 'all', name: string): boolean {
  return names === 'all' || names.has(name);
}

/** A step sees its own record too, still empty. */
function emptyRecord({ plan }: Run, index: number, { alias, task }: Reader): ScopeRecord {
  const { continueOnError } = plan.steps[index]!;
  return { alias, ...(task !== undefined && { task }), status: '', continueOnError, errorCount: 0 };
}

function recordsBefore(run: Run, index: number): readonly ScopeRecord[] {
  return recordsSeenBy(run, index).map((record, at) => {
    const task = run.plan.steps[at]?.task;
    const { journal: _journal, earlier: _earlier, log: _log, retriedAt: _retriedAt, ...copy } = record;
    return { ...copy, ...(task !== undefined && { task }), status: record.status ?? '' };
  });
}

function addTo(instant: string, ms: number): string {
  const end = Date.parse(instant) + ms;
  return new Date(Math.min(end, lastInstant)).toISOString();
}

/** 9999-12-31: beyond it instants are no longer written with four digits. */
const lastInstant = 253_402_300_799_000;
