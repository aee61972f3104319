import { isObject, valueAt, type Json, type JsonObject } from '../../core/json.ts';

/** The text at a path of an answer; throws an Error that names the path when the host sends something else. */
export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string {
  const found = valueAt(value, path);
  if (typeof found === 'string') return found;
  throw unexpected(path);
}

/** The text at a path; undefined when there is none, or an empty one. */
export function findText(value: Json | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The number at a path of an answer; throws as `textAt` does. */
export function numberAt(value: Json | undefined, ...path: readonly (string | number)[]): number {
  const found = valueAt(value, path);
  if (typeof found === 'number') return found;
  throw unexpected(path);
}

/** Says whether true stands at a path. */
export function isTrueAt(value: Json | undefined, ...path: readonly (string | number)[]): boolean {
  return valueAt(value, path) === true;
}

/** The objects of the list at a path; an empty list when there is none. */
export function objectsAt(
  value: Json | undefined,
  ...path: readonly (string | number)[]
): readonly JsonObject[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? (found as readonly Json[]).filter(isObject) : [];
}

function unexpected(path: readonly (string | number)[]): Error {
  return new Error(`the answer of the host has no ${path.join('.') || 'content'}`);
}
