import { suggest } from '../../did-you-mean.ts';
import type { Problem } from '../../problem.ts';
import { referencesOf } from '../../template/references.ts';
import type { InflatedStep } from '../inflate.ts';
import type { SourceVariable } from '../parse-steps.ts';
import { placeOfName, textsOfStep, textsOfVars, type SourceText } from './source-text.ts';

/** Reads of variables that nobody sets, and variables read by their bare name. */
export function findUnknownVars(
  promotionVars: readonly SourceVariable[],
  steps: readonly InflatedStep[],
): readonly Problem[] {
  const shared = promotionVars.map(({ name }) => name);
  return [
    ...textsOfVars(promotionVars).flatMap((text) => checkText(text, shared)),
    ...steps.flatMap(({ source, vars }) => {
      const known = [...shared, ...vars.map(({ name }) => name)];
      return textsOfStep(source).flatMap((text) => checkText(text, known));
    }),
  ];
}

function checkText(text: SourceText, known: readonly string[]): readonly Problem[] {
  const { vars, names, functions } = referencesOf(text.text);
  const read = vars === 'all' ? [] : [...vars].filter((name) => !names.has(name));
  const missing = read
    .filter((name) => !known.includes(name))
    .map((name) => ({
      message: `no variable ${JSON.stringify(name)} is set here${suggest(name, known) || ': set it under "vars", or for one promotion with --var'}`,
      place: placeOfName(text, 'vars', name),
    }));
  const bare = [...names]
    .filter((name) => known.includes(name) && !functions.has(name) && !environmentNames.has(name))
    .map((name) => ({
      message: `write vars.${name}: by its bare name Kargo does not find a variable`,
      place: placeOfName(text, '', name),
    }));
  return [...missing, ...bare];
}

const environmentNames = new Set(['ctx', 'vars', 'outputs', 'task', 'stepMetas', 'secrets', '$env']);
