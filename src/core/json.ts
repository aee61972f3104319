/** A value that JSON can carry. Outputs, configs and inputs are plain JSON from the moment they exist. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** Steps from the root of a document to a value: keys and list positions. */
export type JsonPath = readonly (string | number)[];

/** Says whether a value is an object with keys: no list, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Writes a path as people do: `spec.steps[2].config`, keys that are no names in brackets. */
export function formatPath(path: JsonPath): string {
  return path.map(formatPart).join('').replace(/^\./, '');
}

/** The value at a path, or undefined when the document does not reach that far. */
export function valueAt(document: Json | undefined, path: JsonPath): Json | undefined {
  let value: Json | undefined = document;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, Json>)[part];
  }
  return value;
}

function formatPart(part: string | number): string {
  if (typeof part === 'number') return `[${part}]`;
  return /^[A-Za-z_][\w-]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
}
