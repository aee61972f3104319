import { messageOf } from '../core/errors.ts';
import { conditionNeeds, evaluateCondition, explainCondition } from '../core/promotion/condition.ts';
import { conditionScope, type Run } from '../core/promotion/scope.ts';
import type { StepRecord } from '../core/promotion/status.ts';
import { conditionsOf, skipsByDefault, type StepCondition } from '../core/promotion/step-conditions.ts';
import { errored, type Effects, type End } from './effects.ts';

/** How the record of a step ends that did not run. */
export type NotRun = Pick<StepRecord, 'status' | 'message'>;

/** What to record of a step that is not to run; undefined when it is. Known at once where nobody wrote a condition. */
export function decideStep(
  run: Run,
  index: number,
  effects: Effects,
): NotRun | undefined | Promise<NotRun | undefined> {
  const conditions = conditionsOf(run, index);
  if (conditions.length > 0) return decideByAll(run, index, conditions, effects);
  return effects.findStop() || skipsByDefault(run, index) ? skipped : undefined;
}

async function decideByAll(
  run: Run,
  index: number,
  conditions: readonly StepCondition[],
  effects: Effects,
): Promise<NotRun | undefined> {
  // Whoever stops a promotion wants nothing more to happen than what was declared for that.
  const isOver = () =>
    effects.findStop() !== undefined && !conditions.some(({ text }) => conditionNeeds(text, []).afterStop);
  if (isOver()) return skipped;
  for (const condition of conditions) {
    const notRun = await decideBy(run, index, condition, effects);
    // Meanwhile somebody may have stopped it.
    if (isOver()) return skipped;
    if (notRun) return notRun;
  }
  const hasOwn = run.plan.steps[index]!.if !== undefined;
  return !hasOwn && skipsByDefault(run, index) ? skipped : undefined;
}

const skipped: NotRun = { status: 'Skipped' };

async function decideBy(
  run: Run,
  index: number,
  condition: StepCondition,
  effects: Effects,
): Promise<NotRun | undefined> {
  const answer = await answerCondition(run, index, condition, effects);
  if (answer.kind === 'done') return answer.value ? undefined : skipped;
  const { reference } = condition;
  // A task that cannot decide says so once.
  if (answer.kind !== 'failed' || (reference && reference.first < index)) return skipped;
  const alias = reference?.alias ?? run.plan.steps[index]!.alias;
  return { status: 'Errored', message: explainCondition(alias, answer.failure.message) };
}

async function answerCondition(
  run: Run,
  index: number,
  condition: StepCondition,
  effects: Effects,
): Promise<End<boolean>> {
  const { plan } = run;
  const step = plan.steps[index]!;
  const vars = [...plan.vars, ...(condition.reference ?? step).vars];
  const scope = conditionScope(run, index, condition, effects.now());
  const { lookups } = conditionNeeds(condition.text, vars);
  if (lookups) effects.changed();
  if (lookups) return effects.evaluateCondition({ condition: condition.text, scope }, step);
  try {
    return { kind: 'done', value: evaluateCondition(condition.text, scope) };
  } catch (error) {
    return errored(messageOf(error));
  }
}
