import type { Locate } from '../../fields.ts';
import { isObject, type Json, type JsonPath } from '../../json.ts';
import type { Place } from '../../problem.ts';
import type { SourceStep, SourceVariable } from '../parse-steps.ts';

/** One text of the user's, and where it is written. */
export interface SourceText {
  readonly text: string;
  /** The field it is the value of, or the name of the variable. */
  readonly name: string;
  readonly path: JsonPath;
  readonly locate: Locate;
}

/** Everything a step says that may hold expressions: its variables, its condition, the texts of its config. */
export function textsOfStep(step: SourceStep): readonly SourceText[] {
  const { path, locate } = step;
  const condition = step.if === undefined ? [] : textsIn(step.if, [...path, 'if'], 'if', locate);
  return [...textsOfVars(step.vars), ...condition, ...textsOfConfig(step)];
}

/** The texts of a step's config, at every depth. */
export function textsOfConfig({ config, path, locate }: SourceStep): readonly SourceText[] {
  return textsIn(config, [...path, 'config'], 'config', locate);
}

/** The values of variables. */
export function textsOfVars(vars: readonly SourceVariable[]): readonly SourceText[] {
  return vars.map(({ name, value, path, locate }) => ({ text: value, name, path, locate }));
}

/** Where `word` stands behind `owner` in a text, as in `vars.word` or `outputs['word']`; the whole text if it is not found. */
export function placeOfName({ text, path, locate }: SourceText, owner: string, word: string): Place {
  const pattern = new RegExp(
    `${owner && `\\b${owner}\\s*(?:\\?\\.|\\.|\\[|\\()\\s*["'\`]?`}(?<![\\w-])${escape(word)}(?![\\w-])`,
  );
  const found = pattern.exec(text);
  if (!found) return locate(path);
  return locate(path, found.index + found[0].length - word.length, word.length);
}

function textsIn(value: Json, path: JsonPath, name: string, locate: Locate): readonly SourceText[] {
  if (typeof value === 'string') return [{ text: value, name, path, locate }];
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, index) => textsIn(item, [...path, index], name, locate));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key], key, locate));
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
