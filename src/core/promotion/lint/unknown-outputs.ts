import { suggest } from '../../did-you-mean.ts';
import type { Problem } from '../../problem.ts';
import { referencesOf, type Names } from '../../template/references.ts';
import type { InflatedStep } from '../inflate.ts';
import type { SourceStep } from '../parse-steps.ts';
import { placeOfName, textsOfStep, type SourceText } from './source-text.ts';
import { formatRead } from './unread-aliases.ts';

/** Reads of `outputs` of steps that do not exist or run later. */
export function findUnknownOutputs(steps: readonly InflatedStep[]): readonly Problem[] {
  const aliases = steps.map(({ alias }) => withTask(alias));
  return steps.flatMap(({ source }, index) =>
    textsOfStep(source).flatMap((text) => {
      const read = listOf(referencesOf(text.text).outputs);
      return check(read, 'outputs', text, aliases.slice(0, index).flat(), aliases.slice(index).flat());
    }),
  );
}

/** Reads of `task.outputs` of steps that do not exist in this task or run later. */
export function findUnknownTaskOutputs(steps: readonly SourceStep[]): readonly Problem[] {
  const aliases = steps.map(({ alias }) => alias);
  return steps.flatMap((source, index) =>
    textsOfStep(source).flatMap((text) => {
      const read = listOf(referencesOf(text.text).taskOutputs);
      return check(read, 'task.outputs', text, aliases.slice(0, index), aliases.slice(index));
    }),
  );
}

function check(
  read: readonly string[],
  owner: string,
  text: SourceText,
  earlier: readonly string[],
  later: readonly string[],
): readonly Problem[] {
  return read
    .filter((alias) => !earlier.includes(alias))
    .map((alias) => {
      const fault = later.includes(alias)
        ? 'that step does not run before this one'
        : `no step has that alias${suggest(alias, earlier)}`;
      return {
        message: `${formatRead(owner, alias)} is always empty here: ${fault}`,
        place: placeOfName(text, 'outputs', alias),
      };
    });
}

/** A task is known by its own alias, too: what its steps compose is its output. */
function withTask(alias: string): readonly string[] {
  const end = alias.indexOf('::');
  return end < 0 ? [alias] : [alias, alias.slice(0, end)];
}

function listOf(names: Names): readonly string[] {
  return names === 'all' ? [] : [...names];
}
