import type { TObject } from 'typebox';
import { Errors } from 'typebox/schema';
import { Settings } from 'typebox/system';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { ConfigProblem } from '../promotion/catalogue.ts';
import { unsetValues } from './describe.ts';
import { explainBreak, type RuleBreak } from './explain.ts';
import { valueAtPointer } from './pointer.ts';

// Its own limit is 8: the ninth mistake would stay hidden until the first eight are gone.
Settings.Set({ maxErrors: 256 });

/** Everything that is wrong with a value, in document order of the schema; empty when it fits. At most 256 problems. */
export function validateConfig(schema: TObject, value: Json): readonly ConfigProblem[] {
  return explain(schema, value, breaksOf(schema, value));
}

/**
 * The same for a config as its author wrote it: a string with an expression fits any field, and may turn out as not
 * set where fields exclude each other. All that is literal is checked.
 */
export function checkConfig(schema: TObject, raw: Json): readonly ConfigProblem[] {
  const breaks = breaksOf(schema, raw).filter(
    (broken) => !holdsExpression(valueAtPointer(raw, broken.instancePath)) && !mayVanish(schema, raw, broken),
  );
  return explain(schema, raw, breaks);
}

/** The value with the defaults of absent fields filled in, at every depth that exists. The input stays as it is. */
export function applyDefaults(schema: TObject, value: JsonObject): JsonObject;
export function applyDefaults(schema: object, value: Json): Json;
export function applyDefaults(schema: object, value: Json): Json {
  const { properties, items } = schema as { properties?: Record<string, object>; items?: object };
  if (Array.isArray(value)) return items ? value.map((item: Json) => applyDefaults(items, item)) : value;
  if (!isObject(value) || !properties) return value;
  const filled: Record<string, Json> = { ...value };
  for (const [name, field] of Object.entries(properties)) {
    const given = Object.hasOwn(filled, name) ? filled[name] : (field as { default?: Json }).default;
    if (given !== undefined) filled[name] = applyDefaults(field, given);
  }
  return filled;
}

/** Says whether a value is text with an expression or template in it. */
export function holdsExpression(value: Json | undefined): boolean {
  return typeof value === 'string' && (value.includes('${{') || value.includes('${%'));
}

function breaksOf(schema: TObject, value: Json): readonly RuleBreak[] {
  return Errors(schema as never, value)[1].filter(({ schemaPath }) => !isInsideRule(schema, schemaPath));
}

/** A rule over several fields has one message of its own; what its parts say is of no use to anybody. */
function isInsideRule(schema: TObject, schemaPath: string): boolean {
  const parts = schemaPath.split('/');
  return parts.some((part, index) => {
    if (part !== 'allOf' || index + 2 >= parts.length) return false;
    return ruleAt(schema, parts.slice(0, index + 2).join('/')) !== undefined;
  });
}

/** Whether fields that exclude each other may still come out well, once the expressions among them have a value. */
function mayVanish(schema: TObject, raw: Json, broken: RuleBreak): boolean {
  const fields = ruleAt(schema, broken.schemaPath)?.['x-fields'];
  const owner = valueAtPointer(raw, broken.instancePath);
  if (!Array.isArray(fields) || !isObject(owner)) return false;
  const values = (fields as string[]).filter((name) => Object.hasOwn(owner, name)).map((name) => owner[name]);
  const literal = values.filter((value) => !holdsExpression(value) && !isUnset(value));
  return literal.length < values.filter((value) => !isUnset(value)).length && literal.length < 2;
}

function isUnset(value: Json | undefined): boolean {
  return value === undefined || unsetValues.some((unset) => unset === value);
}

function ruleAt(schema: TObject, schemaPath: string): JsonObject | undefined {
  const rule = valueAtPointer(schema as unknown as Json, schemaPath);
  return isObject(rule) && 'x-fields' in rule ? rule : undefined;
}

function explain(schema: TObject, value: Json, breaks: readonly RuleBreak[]): readonly ConfigProblem[] {
  return breaks.flatMap((broken) => explainBreak(schema as unknown as Json, value, broken));
}
