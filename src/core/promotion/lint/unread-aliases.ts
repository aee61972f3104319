import type { Problem } from '../../problem.ts';
import { referencesOf, type Names } from '../../template/references.ts';
import { hasExpression } from '../../template/split.ts';
import type { SourceStep, SourceVariable } from '../parse-steps.ts';
import { textsOfStep, textsOfVars, type SourceText } from './source-text.ts';

/** `*` among aliases that are read: any may be, the key is only known when it runs. */
const any = '*';

/** Every alias that some steps and variables read, in whatever way; inner ones of a task as `task::step`. */
export function readAliases(
  steps: readonly SourceStep[],
  vars: readonly SourceVariable[],
): ReadonlySet<string> {
  return new Set([...textsOfVars(vars), ...steps.flatMap(textsOfStep)].flatMap(aliasesIn));
}

/** Aliases that somebody gave and nobody reads, where they do more than name what the step does. */
export function findUnreadAliases(
  steps: readonly SourceStep[],
  read: ReadonlySet<string>,
  owner: 'outputs' | 'task.outputs',
): readonly Problem[] {
  if (read.has(any)) return [];
  const isRead = (alias: string) =>
    [...read].some((name) => name === alias || name.startsWith(`${alias}::`) || name.endsWith(`::${alias}`));
  return steps
    .filter((step) => isGiven(step) && !isLabel(step) && !isRead(step.alias))
    .map(({ alias, path, locate }) => ({
      message: `alias ${JSON.stringify(alias)} is never read: no expression uses ${formatRead(owner, alias)}`,
      place: locate([...path, 'as']),
    }));
}

/** The aliases in one text; in a field such as `messageFromSteps` the text itself is one. */
export function aliasesIn({ text, name }: Pick<SourceText, 'text' | 'name'>): readonly string[] {
  if (!hasExpression(text)) return /FromSteps?$/.test(name) ? [text] : [];
  const { outputs, taskOutputs, stepMetas, functions } = referencesOf(text);
  const asked = functions.has('status') ? [...text.matchAll(/\bstatus\(\s*(?:["'`]([^"'`]+))?/g)] : [];
  return [...[outputs, taskOutputs, stepMetas].flatMap(listOf), ...asked.map(([, alias]) => alias ?? any)];
}

/** `outputs.build`, `outputs['set-image']`. */
export function formatRead(owner: string, alias: string): string {
  return /^[A-Za-z_]\w*$/.test(alias) ? `${owner}.${alias}` : `${owner}['${alias}']`;
}

function listOf(names: Names): readonly string[] {
  return names === 'all' ? [any] : [...names];
}

function isGiven({ alias }: SourceStep): boolean {
  return !/^(step|task)-\d+$/.test(alias);
}

/** `as: push` on git-push is there for people who look at the promotion. */
function isLabel({ alias, uses, task }: SourceStep): boolean {
  const words = (uses ?? task?.name ?? '').toLowerCase().split(/\W+/);
  return alias
    .toLowerCase()
    .split(/[\W_]+/)
    .some((word) => words.includes(word));
}
