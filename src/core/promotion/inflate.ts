import type { Problem } from '../problem.ts';
import type { SourceStep, SourceVariable } from './parse-steps.ts';
import type { SourceTask } from './parse-task.ts';
import type { Variable } from './plan.ts';

/** A step of the flat list: the step as written, with the alias and the vars it has in this promotion. */
export interface InflatedStep {
  readonly source: SourceStep;
  readonly alias: string;
  readonly vars: readonly SourceVariable[];
}

export interface TaskWorld {
  /** Of the promotion: Stage, template and request. */
  readonly vars: readonly Variable[];
  /** Undefined when there is none of that name; the caller reports it. */
  readonly findTask: (step: SourceStep) => SourceTask | undefined;
}

/**
 * Puts the steps of tasks in the place of their references, by Kargo's rules: alias `<task>::<step>`; vars are the
 * defaults that the promotion does not set, then those of the reference, then the step's own. Each step has its own list.
 */
export function inflateSteps(
  steps: readonly SourceStep[],
  world: TaskWorld,
): { readonly steps: readonly InflatedStep[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const inflated = steps.flatMap((step): readonly InflatedStep[] => {
    if (!step.task) return [{ source: step, alias: step.alias, vars: step.vars }];
    const task = world.findTask(step);
    if (!task) return [];
    problems.push(...checkValues(step, task, world.vars));
    const shared = [...task.vars.filter((variable) => isDefault(variable, world.vars)), ...step.vars];
    return task.steps.map((inner) => ({
      source: inner,
      alias: `${step.alias}::${inner.alias}`,
      vars: [...shared, ...inner.vars],
    }));
  });
  return { steps: inflated, problems: [...problems, ...checkAliases(inflated)] };
}

function isDefault(variable: SourceVariable, promotionVars: readonly Variable[]): boolean {
  return variable.value !== '' && !isSet(variable.name, promotionVars);
}

/** Kargo: a variable set to nothing is not set. */
function isSet(name: string, vars: readonly Variable[]): boolean {
  return vars.some((variable) => variable.name === name && variable.value !== '');
}

function checkValues(
  step: SourceStep,
  task: SourceTask,
  promotionVars: readonly Variable[],
): readonly Problem[] {
  return task.vars
    .filter(({ name, value }) => value === '' && !isSet(name, [...promotionVars, ...step.vars]))
    .map(({ name }) => ({
      message: `step "${step.alias}": task "${task.manifest.name}" needs a value for variable "${name}": set it under "vars" of this step, or of the Stage`,
      place: step.locate([...step.path, 'task']),
    }));
}

/** A hand-written `a::b` may meet step b of task a. */
function checkAliases(steps: readonly InflatedStep[]): readonly Problem[] {
  const seen = new Set<string>();
  return steps.flatMap(({ alias, source }) => {
    // Doubles within a list were reported when it was read.
    if (!seen.has(alias) || !alias.includes('::')) {
      seen.add(alias);
      return [];
    }
    const message = `alias ${JSON.stringify(alias)} belongs to two steps`;
    return [{ message, place: source.locate([...source.path, 'as']) }];
  });
}
