import { varFunctions } from '../template/functions/index.ts';
import { formatPath, type Json, type JsonObject } from '../json.ts';
import { formatProblem } from '../problem.ts';
import { secretsIn } from './check-secrets.ts';
import { checkTexts } from './check-texts.ts';
import type { RetryCall } from './control.ts';
import { limits } from './limits.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { formatSize, sizeOfJson } from './size.ts';

/** What a retry corrects of a step. */
export type Correction = Pick<RetryCall, 'config' | 'vars'>;

/** The plan with a step corrected: given keys replace those of its config, `null` removes one, vars come last and win. */
export function correctPlan(plan: Plan, index: number, correction: Correction): Plan {
  const steps = plan.steps.map((step, at) => (at === index ? correctStep(step, correction) : step));
  return { ...plan, steps };
}

/**
 * Everything wrong with a correction that can be known before the step runs, each in one line: the planner's own rules but
 * for the schema of the config, which the step itself checks before it does anything.
 */
export function checkCorrection(plan: Plan, index: number, correction: Correction): readonly string[] {
  const { config = {}, vars = [] } = correction;
  const step = plan.steps[index];
  if (!step) return [];
  const corrected = correctPlan(plan, index, correction);
  const size = sizeOfJson(corrected);
  const locate = () => ({});
  const problems = [
    ...checkTexts(config, ['config'], locate, 'config'),
    ...vars.flatMap(({ name, value }) =>
      checkTexts(value, [], locate, `variable ${JSON.stringify(name)}`, varFunctions),
    ),
  ].map(formatProblem);
  return [
    ...problems,
    ...findSecrets(corrected.steps[index]!, plan),
    ...(size > limits.plan
      ? [`with it the plan has ${formatSize(size)}, more than ${formatSize(limits.plan)}`]
      : []),
  ];
}

function correctStep(step: PlannedStep, { config = {}, vars = [] }: Correction): PlannedStep {
  return { ...step, config: merge(step.config, config), vars: [...step.vars, ...vars] };
}

function merge(config: JsonObject, given: JsonObject): JsonObject {
  // Entries, since a key may be one that objects understand differently.
  const entries = new Map<string, Json>(Object.entries(config));
  for (const [key, value] of Object.entries(given)) {
    if (value === null) entries.delete(key);
    else entries.set(key, value);
  }
  return Object.fromEntries(entries);
}

function findSecrets(step: PlannedStep, plan: Plan): readonly string[] {
  if (!step.propagates) return [];
  return secretsIn(step.config, [...plan.vars, ...step.vars]).map(
    (path) => `${formatPath(path)} reads a secret, and everybody can see the output of this step`,
  );
}
