import type { FunctionTable } from '../expression/function.ts';
import type { Locate } from '../fields.ts';
import { isObject, type Json, type JsonPath } from '../json.ts';
import type { Problem } from '../problem.ts';
import { checkTemplate } from '../template/template.ts';

/** What is wrong with the expressions in the texts of a value, each at its own line and column; keys are no templates. */
export function checkTexts(
  value: Json,
  path: JsonPath,
  locate: Locate,
  where: string,
  functions?: FunctionTable,
): readonly Problem[] {
  if (typeof value === 'string')
    return checkTemplate(value, functions).map(({ message, offset, length }) => ({
      message: `${where}: ${message}`,
      place: locate(path, offset, length),
    }));
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, index) =>
      checkTexts(item, [...path, index], locate, where, functions),
    );
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    checkTexts(item, [...path, key], locate, where, functions),
  );
}
