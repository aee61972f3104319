import { shorten } from '../fields.ts';
import type { Problem } from '../problem.ts';
import type { SourceStep, SourceVariable } from './parse-steps.ts';
import type { SourceTask } from './parse-task.ts';
import type { TaskReference, Variable } from './plan.ts';

/** A step of the flat list: the step as written, with the alias and the vars it has in this promotion. */
export interface InflatedStep {
  readonly source: SourceStep;
  readonly alias: string;
  readonly vars: readonly SourceVariable[];
  /** Full alias of its task where the alias does not tell: inside a task inside a task. */
  readonly task?: string;
  /** The references it came by, outermost first. */
  readonly references: readonly (TaskReference & { readonly source: SourceStep })[];
}

export interface TaskWorld {
  /** Of the promotion: Stage, template and request. */
  readonly vars: readonly Variable[];
  /** Undefined when there is none of that name; the caller reports it. */
  readonly findTask: (step: SourceStep) => SourceTask | undefined;
}

/**
 * Puts the steps of tasks in the place of their references, by Kargo's rules: alias `<task>::<step>`; vars are the
 * defaults that nothing further out sets, then those of the reference, then the step's own. Each step has its own list.
 * A task may hold references too; one that leads back to itself is a problem.
 */
export function inflateSteps(
  steps: readonly SourceStep[],
  world: TaskWorld,
): { readonly steps: readonly InflatedStep[]; readonly problems: readonly Problem[] } {
  const found: InflatedStep[] = [];
  const problems: Problem[] = [];
  const outermost: Level = { vars: [], references: [], tasks: [], world, found, problems };
  for (const step of steps) addStep(step, step.alias, outermost);
  return { steps: found, problems: [...problems, ...checkAliases(found)] };
}

/** Where in the tasks a list of steps stands. */
interface Level {
  /** Of the tasks around. */
  readonly vars: readonly SourceVariable[];
  readonly references: InflatedStep['references'];
  readonly tasks: readonly SourceTask[];
  readonly world: TaskWorld;
  readonly found: InflatedStep[];
  readonly problems: Problem[];
}

function addStep(step: SourceStep, alias: string, level: Level): void {
  const { vars, references, found } = level;
  const around = references.at(-1)?.alias;
  if (step.task) return addTask(step, alias, level);
  if (isFull(step, level)) return;
  found.push({
    source: step,
    alias,
    vars: [...vars, ...step.vars],
    ...(references.length > 1 && around !== undefined && { task: around }),
    references,
  });
}

function addTask(step: SourceStep, alias: string, level: Level): void {
  const { references, tasks, world, found, problems } = level;
  const task = world.findTask(step);
  if (!task || isFull(step, level)) return;
  if (tasks.includes(task)) return void problems.push(explainCycle(step, [...tasks, task]));
  const outer = [...world.vars, ...level.vars];
  problems.push(...checkValues(step, task, outer));
  const defaults = task.vars.filter((variable) => isDefault(variable, outer));
  const reference = {
    alias,
    first: found.length,
    ...(step.if !== undefined && { if: step.if }),
    vars: [...level.vars, ...step.vars],
    continueOnError: step.continueOnError,
    source: step,
  };
  const inside: Level = {
    ...level,
    vars: [...level.vars, ...defaults, ...step.vars],
    references: [...references, reference],
    tasks: [...tasks, task],
  };
  for (const inner of task.steps) addStep(inner, `${alias}::${inner.alias}`, inside);
}

/** Tasks that use tasks grow fast: beyond this nobody meant it. */
function isFull(step: SourceStep, { found, tasks, problems }: Level): boolean {
  if (found.length < maximumSteps && tasks.length < maximumDepth) return false;
  const fault =
    tasks.length < maximumDepth
      ? `more than ${maximumSteps} steps`
      : `more than ${maximumDepth} tasks inside each other`;
  const message = `with its tasks the promotion has ${fault}`;
  const [place] = [step.locate(step.path)];
  if (!problems.some((problem) => problem.message === message)) problems.push({ message, place });
  return true;
}

const maximumSteps = 1000;
const maximumDepth = 20;

function explainCycle(step: SourceStep, tasks: readonly SourceTask[]): Problem {
  const last = tasks.at(-1);
  const names = tasks.slice(tasks.indexOf(last!)).map(({ manifest }) => shorten(manifest.name));
  const message = `step "${step.alias}": task ${names[0]} leads back to itself: ${names.join(' → ')}`;
  return { message, place: step.locate([...step.path, 'task'], 'key') };
}

function isDefault(variable: SourceVariable, outer: readonly Variable[]): boolean {
  return variable.value !== '' && !isSet(variable.name, outer);
}

/** Kargo: a variable set to nothing is not set. */
function isSet(name: string, vars: readonly Variable[]): boolean {
  return vars.some((variable) => variable.name === name && variable.value !== '');
}

function checkValues(step: SourceStep, task: SourceTask, outer: readonly Variable[]): readonly Problem[] {
  return task.vars
    .filter(({ name, value }) => value === '' && !isSet(name, [...outer, ...step.vars]))
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
