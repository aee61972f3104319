import { isObject, type Json } from '../../../core/json.ts';

/** The value at a path into what a host sent; undefined when something on the way is not there. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let current: unknown = value;
  for (const key of path) {
    if (Array.isArray(current)) current = typeof key === 'number' ? current[key] : undefined;
    else current = isObject(current) ? current[key] : undefined;
  }
  return current as Json | undefined;
}

/** The text there; empty when it is none. */
export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** The number of a pull request there; undefined when it is none. */
export function numberAt(value: Json | undefined, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isSafeInteger(found) && found > 0 ? found : undefined;
}
