import { isObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import type { ConfigProblem } from '../promotion/catalogue.ts';

/** A warning for each option in a config that is accepted, but no longer the way to say it; with what to write instead. */
export function findDeprecated(
  schema: JsonObject,
  config: Json | undefined,
  path: JsonPath = [],
): readonly ConfigProblem[] {
  const { items, properties } = schema;
  if (Array.isArray(config) && isObject(items))
    return (config as readonly Json[]).flatMap((item, index) =>
      findDeprecated(items, item, [...path, index]),
    );
  if (!isObject(config) || !isObject(properties)) return [];
  return Object.entries(config).flatMap(([name, value]): readonly ConfigProblem[] => {
    const field = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!isObject(field)) return [];
    const here = [...path, name];
    if (field['deprecated'] !== true) return findDeprecated(field, value, here);
    return [{ path: here, message: explain(field), severity: 'warning' }];
  });
}

function explain({ description, 'x-instead': instead }: JsonObject): string {
  if (typeof instead === 'string') return `is deprecated: write ${instead} instead`;
  return `is deprecated${typeof description === 'string' ? ` (${description})` : ''}`;
}
