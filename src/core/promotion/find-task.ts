import { findManifest, listManifests, type Definitions } from '../definitions/manifest.ts';
import { suggest } from '../did-you-mean.ts';
import { shorten } from '../fields.ts';
import type { Problem } from '../problem.ts';
import type { SourceStep } from './parse-steps.ts';
import { parseTask, type SourceTask } from './parse-task.ts';

/** Finds the tasks that steps refer to, and remembers what was wrong. */
export interface TaskFinder {
  readonly find: (step: SourceStep) => SourceTask | undefined;
  /** One for each reference to a task that does not exist. */
  readonly missing: readonly Problem[];
  /** What is wrong with the tasks that were found. */
  readonly problems: readonly Problem[];
}

/** A finder for the tasks of a project. Each task is read once. */
export function createTaskFinder(definitions: Definitions, project: string | undefined): TaskFinder {
  const missing: Problem[] = [];
  const problems: Problem[] = [];
  const tasks = new Map<string, SourceTask>();
  const find = (step: SourceStep): SourceTask | undefined => {
    const { name, kind } = step.task!;
    const key = `${kind}/${name}`;
    const known = tasks.get(key);
    if (known) return known;
    const manifest = findManifest(definitions, kind, name, project);
    if (!manifest) {
      missing.push(explainMissing(step, definitions, project));
      return undefined;
    }
    const task = parseTask(manifest);
    tasks.set(key, task);
    problems.push(...task.problems);
    return task;
  };
  return { find, missing, problems };
}

function explainMissing(step: SourceStep, definitions: Definitions, project: string | undefined): Problem {
  const { name, kind } = step.task!;
  const other = kind === 'PromotionTask' ? 'ClusterPromotionTask' : 'PromotionTask';
  const known = listManifests(definitions, kind, project).map((manifest) => manifest.name);
  const hint = findManifest(definitions, other, name, project)
    ? `: there is a ${other} of that name, write "kind: ${other}" below "task"`
    : suggest(name, known) || (known.length ? `; known: ${known.sort().join(', ')}` : '');
  return {
    message: `step "${step.alias}": there is no ${kind} ${shorten(name)} among the definitions${hint}`,
    place: step.locate([...step.path, 'task', 'name']),
  };
}
