import { hasFailure } from './outcome.ts';
import type { TaskReference } from './plan.ts';
import type { Run } from './scope.ts';
import type { StepRecord } from './status.ts';

/** What decides whether a step runs: the conditions of the references to its tasks, outermost first, then its own. */
export interface StepCondition {
  readonly text: string;
  /** The reference it stands on; absent = the step itself. */
  readonly reference?: TaskReference;
}

/** The conditions that somebody wrote for a step; none = the default decides. */
export function conditionsOf({ plan }: Run, index: number): readonly StepCondition[] {
  const step = plan.steps[index]!;
  const outer = (step.references ?? []).flatMap((reference) =>
    reference.if === undefined ? [] : [{ text: reference.if, reference }],
  );
  return step.if === undefined ? outer : [...outer, { text: step.if }];
}

/**
 * Whether a step without a condition of its own skips itself because an earlier one failed. A condition on the reference
 * to its task takes the place of the default for what was before the task, not for what happens in it.
 */
export function skipsByDefault(run: Run, index: number): boolean {
  const { references = [] } = run.plan.steps[index]!;
  const conditional = references.filter((reference) => reference.if !== undefined).at(-1);
  return hasFailure(recordsSeenBy(run, index).slice(conditional?.first ?? 0));
}

/**
 * The records before a step as it sees them: what is tolerated of a whole task is a failure to the rest of that task.
 */
export function recordsSeenBy({ plan, status }: Run, index: number): readonly StepRecord[] {
  const around = new Set((plan.steps[index]?.references ?? []).map(({ alias }) => alias));
  return status.stepExecutionMetadata.slice(0, index).map((record, at) => {
    const step = plan.steps[at];
    if (!step?.toleratedByTask) return record;
    const isTolerated = (step.references ?? []).some(
      ({ alias, continueOnError }) => continueOnError && !around.has(alias),
    );
    return { ...record, continueOnError: isTolerated };
  });
}
