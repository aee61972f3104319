import { suggest } from '../../did-you-mean.ts';
import type { Json } from '../../json.ts';
import type { Problem } from '../../problem.ts';
import { referencesOf } from '../../template/references.ts';
import type { InflatedStep } from '../inflate.ts';
import type { SourceStage } from '../parse-stage.ts';
import type { SourceStep, SourceVariable } from '../parse-steps.ts';
import type { SourceTask } from '../parse-task.ts';

/** Variables of a Stage and of its steps that nothing reads. `besides` is what else may read those of the Stage. */
export function findUnusedStageVars(
  stage: SourceStage,
  steps: readonly InflatedStep[],
  findTask: (step: SourceStep) => SourceTask | undefined,
  besides: Json,
): readonly Problem[] {
  const tasks = stage.steps.flatMap((step) => (step.task && findTask(step)) ?? []);
  // A variable of a task takes its value from the Stage's of the same name.
  const declared = new Set(tasks.flatMap(({ vars }) => vars.map(({ name }) => name)));
  const texts = steps.flatMap(({ source, vars }) => [source.config, source.if ?? '', ...valuesOf(vars)]);
  const isRead = reader(besides, ...texts, ...valuesOf(stage.vars));
  return [
    ...(steps.length > 0
      ? unused(
          stage.vars.filter(({ name }) => !declared.has(name)),
          isRead,
        )
      : []),
    ...stage.steps.flatMap((step) => {
      const task = step.task && findTask(step);
      return task ? unusedByTask(step, task) : unusedInStep(step);
    }),
  ];
}

/** Variables of a task and of its steps that none of its steps reads. */
export function findUnusedTaskVars({ vars, steps }: SourceTask): readonly Problem[] {
  const texts = steps.flatMap((step) => [step.config, step.if ?? '', ...valuesOf(step.vars)]);
  return [
    ...unused(vars, reader(...valuesOf(vars), ...texts)),
    ...steps.filter(({ task }) => !task).flatMap(unusedInStep),
  ];
}

function unusedInStep({ vars, config, if: condition = '' }: SourceStep): readonly Problem[] {
  return unused(vars, reader(config, condition, ...valuesOf(vars)));
}

function unusedByTask(step: SourceStep, { vars, steps, manifest }: SourceTask): readonly Problem[] {
  const inner = steps.flatMap((one) => [one.config, one.if ?? '', ...valuesOf(one.vars)]);
  const isRead = reader(...inner, ...valuesOf(vars), ...valuesOf(step.vars));
  const declared = vars.map(({ name }) => name);
  return step.vars
    .filter(({ name }) => !declared.includes(name) && !isRead(name))
    .map((variable) => ({
      message: `task ${JSON.stringify(manifest.name)} does not use the variable ${JSON.stringify(variable.name)}${suggest(variable.name, declared)}`,
      place: placeOfVariable(variable),
    }));
}

function unused(vars: readonly SourceVariable[], isRead: (name: string) => boolean): readonly Problem[] {
  return vars
    .filter(({ name }) => !isRead(name))
    .map((variable) => ({
      message: `variable ${JSON.stringify(variable.name)} is never used: remove it, or read it as \${{ vars.${variable.name} }}`,
      place: placeOfVariable(variable),
    }));
}

function reader(...values: readonly Json[]): (name: string) => boolean {
  const { vars } = referencesOf(...values);
  return (name) => vars === 'all' || vars.has(name);
}

function valuesOf(vars: readonly SourceVariable[]): readonly string[] {
  return vars.map(({ value }) => value);
}

function placeOfVariable({ locate, path }: SourceVariable): Problem['place'] {
  return locate([...path.slice(0, -1), 'name']);
}
