import { formatPlace, type Problem } from '../../problem.ts';
import { referencesOf } from '../../template/references.ts';
import { splitTemplate } from '../../template/split.ts';
import type { InflatedStep } from '../inflate.ts';
import type { SourceVariable } from '../parse-steps.ts';
import { textsOfConfig, textsOfVars, type SourceText } from './source-text.ts';

/** Values with line breaks where a tag, a branch or a path is meant: by the name of the field, or of the variable. */
export function findLineBreaks(
  promotionVars: readonly SourceVariable[],
  steps: readonly InflatedStep[],
): readonly Problem[] {
  const vars = textsOfVars([...promotionVars, ...steps.flatMap((step) => step.vars)]);
  const named = vars.filter(isOneLine).flatMap(({ name, ...text }) => check(text, name));
  const inSteps = steps.flatMap(({ source, vars: own }) => {
    const known = textsOfVars([...promotionVars, ...own]);
    return textsOfConfig(source)
      .filter(isOneLine)
      .flatMap((field) => [
        ...check(field, field.name),
        ...readBy(field, known).flatMap(({ name, ...text }) =>
          check(text, `${name}, read as ${field.name},`),
        ),
      ]);
  });
  const byPlace = [...named, ...inSteps].map((problem) => [formatPlace(problem.place), problem] as const);
  return [...new Map(byPlace.toReversed()).values()].toReversed();
}

function isOneLine({ name }: SourceText): boolean {
  return /(tag|branch|path)$/i.test(name);
}

/** The variables that a text reads. */
function readBy({ text }: SourceText, vars: readonly SourceText[]): readonly SourceText[] {
  const { vars: names } = referencesOf(text);
  return vars.filter(({ name }) => names !== 'all' && names.has(name));
}

function check({ text, path, locate }: Omit<SourceText, 'name'>, what: string): readonly Problem[] {
  if (!hasLineBreak(text)) return [];
  return [{ message: `${what} has line breaks inside: write it on one line`, place: locate(path) }];
}

/** Outside of expressions, where a line break is only layout; around the whole it is dropped. */
function hasLineBreak(text: string): boolean {
  if (!text.trim().includes('\n')) return false;
  try {
    const literal = splitTemplate(text.trim()).map((part) => (typeof part === 'string' ? part : '_'));
    return literal.join('').includes('\n');
  } catch {
    return false;
  }
}
