import { isObject, type Json, type JsonPath } from '../json.ts';
import type { ArtifactKind } from './describe.ts';

/**
 * What kind of text the schema declares at a path: plain, the value of an artifact, or `exact` where numbers and booleans
 * may be too; undefined where it is no text. Text keeps its letters: `1.20` stays `1.20`.
 */
export function textFieldAt(schema: object, path: JsonPath): 'text' | 'exact' | ArtifactKind | undefined {
  let field: Json | undefined = schema as unknown as Json;
  for (const part of path) field = isObject(field) ? childOf(field, part) : undefined;
  if (!isObject(field)) return undefined;
  if (field['x-exact'] === true) return 'exact';
  const artifact = field['x-artifact'];
  if (artifact === 'commit' || artifact === 'image' || artifact === 'chart') return artifact;
  return field['type'] === 'string' || isWords(field['enum']) ? 'text' : undefined;
}

function childOf(schema: { readonly [key: string]: Json }, part: string | number): Json | undefined {
  if (typeof part === 'number') return schema['items'];
  const { properties, additionalProperties } = schema;
  return isObject(properties) && Object.hasOwn(properties, part) ? properties[part] : additionalProperties;
}

function isWords(values: Json | undefined): boolean {
  return Array.isArray(values) && values.every((value) => typeof value === 'string');
}
