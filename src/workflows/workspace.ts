import type { PlannedStep } from '../core/promotion/plan.ts';
import { stepRunOf, type Run } from '../core/promotion/scope.ts';
import type { WorkspaceClaim } from '../core/promotion/step-run.ts';
import { errored, type Effects, type End } from './effects.ts';
import type { Files } from './files.ts';

/**
 * A folder that holds what all steps before `index` left there: the one on loan, or another, in which the work that is
 * missing is done again. Effects outside the folder are never repeated.
 */
export async function openWorkspace(
  run: Run,
  index: number,
  files: Files,
  effects: Effects,
): Promise<End<WorkspaceClaim>> {
  if (files.claim) return { kind: 'done', value: files.claim };
  const wasLost = files.isLeased && !files.isHandedOver;
  const end = await effects.claimWorkspace(files.generation + 1, files.uid, wasLost);
  if (end.kind !== 'done') return end;
  const claim = end.value;
  files.generation = claim.generation;
  files.uid = claim.uid;
  files.isLeased = true;
  delete files.isHandedOver;
  const missing = missingSteps(run, index, claim.holds);
  const harmful = missing.find((at) => needsLeave(run, at, files));
  if (harmful !== undefined) return askFor(run, harmful, files);
  for (const earlier of missing) {
    files.allowed = files.allowed?.filter((at) => at !== earlier) ?? [];
    const again = await runAgain(run, earlier, files, claim, effects);
    if (again) return again;
  }
  files.claim = claim;
  return end;
}

/** Notes that the files are gone. Says so with an end when it happened too often to go on. */
export function loseWorkspace(
  files: Files,
  { message, isHandedOver }: Extract<End<never>, { kind: 'lost' }>,
): ReturnType<typeof errored> | undefined {
  delete files.claim;
  if (isHandedOver) {
    files.isHandedOver = true;
    return undefined;
  }
  files.losses++;
  if (files.losses <= maximumLosses) return undefined;
  return errored(`the workspace was lost ${files.losses} times, the last time because: ${message}`);
}

/** Gives the lease back while no step needs files, and the folder too when no later one can. */
export async function closeWorkspace(run: Run, next: number, files: Files, effects: Effects): Promise<void> {
  const isNeeded = run.plan.steps.slice(next).some(({ place }) => place === 'workspace');
  if (files.uid === undefined || (isNeeded && !files.isLeased)) return;
  await effects.releaseWorkspace(files.uid, !isNeeded);
  delete files.claim;
  files.isLeased = false;
  if (!isNeeded) delete files.uid;
}

/** Of one step: it may itself be what kills its workers. */
const maximumLosses = 10;

/** Steps whose work on the files must be done again: from the first one missing, since later ones build on it. */
function missingSteps({ plan, status }: Run, index: number, holds: readonly number[]): readonly number[] {
  const done = [...plan.steps.keys()].slice(0, index).filter((at) => {
    const { place, effect, changesFiles } = plan.steps[at]!;
    const record = status.stepExecutionMetadata[at];
    const leavesFiles = effect === 'workspace' || changesFiles === true;
    return place === 'workspace' && leavesFiles && record?.status === 'Succeeded';
  });
  const first = done.findIndex((at) => !holds.includes(at));
  return first < 0 ? [] : done.slice(first);
}

function needsLeave({ plan }: Run, index: number, { allowed = [] }: Files): boolean {
  const { effect, repeatable } = plan.steps[index]!;
  return effect === 'external' && !repeatable && !allowed.includes(index);
}

function askFor({ plan }: Run, index: number, files: Files): End<never> {
  files.asksFor = index;
  const { alias, uses } = plan.steps[index]!;
  return errored(
    `the files of the promotion are lost, and step "${alias}" (${uses}) changed them. It is not run again by itself, ` +
      'because it may do harm: retry to let it run once more, or skip this step',
  );
}

async function runAgain(
  run: Run,
  index: number,
  files: Files,
  claim: WorkspaceClaim,
  effects: Effects,
): Promise<End<never> | undefined> {
  const step = run.plan.steps[index]!;
  const previous = run.status.state[step.alias];
  const trace = mayDiffer(run, index) ? undefined : files.traces?.[index];
  // A deadline is for the first time: making files again is our doing, not the user's waiting.
  const { deadline: _, ...again } = stepRunOf(run, index, claim);
  const end = await effects.runStep(step, {
    ...again,
    ...(previous && { previous }),
    ...(trace !== undefined && { trace }),
  });
  if (end.kind === 'done') return end.value.leaving && handedOver(step);
  if (end.kind !== 'failed') return end;
  return errored(`cannot make the files of step "${step.alias}" again: ${end.failure.message}`);
}

/** A script may write something else each time; that does no harm as long as nobody outside has seen the first. */
function mayDiffer({ plan, status }: Run, index: number): boolean {
  const hasRun = (at: number) => status.stepExecutionMetadata[at]?.status === 'Succeeded';
  const isScript = ({ effect, changesFiles }: PlannedStep) => effect === 'external' && changesFiles === true;
  const isTold = ({ effect, changesFiles }: PlannedStep) => effect === 'external' && !changesFiles;
  const comesFromScript = plan.steps.some((step, at) => at < index && isScript(step) && hasRun(at));
  return comesFromScript && !plan.steps.some((step, at) => at > index && isTold(step) && hasRun(at));
}

function handedOver({ alias }: PlannedStep): Extract<End<never>, { kind: 'lost' }> {
  return { kind: 'lost', message: `the worker ended after step "${alias}"`, isHandedOver: true };
}
