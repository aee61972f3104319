import { parseYaml } from '../edit/documents.ts';
import { fromJson, type Value } from '../expression/values.ts';
import { isObject, type Json } from '../json.ts';

/**
 * The value of the first document of a YAML text by the rules of YAML 1.2: `yes` and `on` are text, so are dates. Throws
 * an Error with line and column when it is none, has a key twice or holds what JSON cannot carry.
 */
export function readYaml(text: string): Value {
  return fromJson(readYamlJson(text));
}

/** The same as plain JSON. */
export function readYamlJson(text: string): Json {
  const [first] = parseYaml(text, ['binary', 'merge']).documents;
  if (!first || (first.contents === null && first.errors.length === 0)) throw new Error('the YAML is empty');
  return plainJson(first.toJS());
}

function plainJson(value: unknown): Json {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`JSON cannot carry the number ${value}: put it in quotes`);
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainJson(item)]));
  return (value ?? null) as Json;
}
