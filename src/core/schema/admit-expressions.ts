import { isObject, type Json, type JsonObject } from '../json.ts';

/**
 * The declaration of a config as JSON Schema for editors: an expression is allowed in the place of every value but the
 * whole, and what is deprecated says what to write instead.
 */
export function admitExpressions(schema: JsonObject): JsonObject {
  const { properties, items, additionalProperties, allOf, ...rest } = schema;
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('x-'))),
    ...(isObject(properties) && { properties: mapValues(properties, orExpression) }),
    ...(isObject(items) && { items: orExpression(items) }),
    ...(additionalProperties !== undefined && {
      additionalProperties: isObject(additionalProperties)
        ? orExpression(additionalProperties)
        : additionalProperties,
    }),
    ...(Array.isArray(allOf) && { allOf: (allOf as readonly JsonObject[]).map(admitRule) }),
  };
}

function orExpression(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const { description, deprecated, default: value, ...rules } = admitExpressions(schema);
  const instead = schema['x-instead'];
  const isAnyText = rules['type'] === 'string' && Object.keys(rules).length === 1;
  const isFree = Object.keys(rules).length === 0;
  return {
    ...(description !== undefined && { description }),
    ...(deprecated !== undefined && { deprecated }),
    ...(typeof instead === 'string' && { deprecationMessage: `Write ${instead} instead.` }),
    ...(value !== undefined && { default: value }),
    ...(isAnyText || isFree ? rules : { anyOf: [rules, { $ref: '#/definitions/expression' }] }),
  };
}

/** Fields that exclude each other: an expression may yet turn out as not set. */
function admitRule(rule: JsonObject): JsonObject {
  const { not, anyOf, 'x-message': message } = rule;
  const description = typeof message === 'string' ? { description: message } : {};
  if (!isObject(not)) return { ...description, ...(anyOf !== undefined && { anyOf }) };
  return { ...description, not: JSON.parse(JSON.stringify(not, literalOnly)) as Json };
}

function literalOnly(key: string, value: unknown): unknown {
  const unset = key === 'not' && isObject(value) ? value : undefined;
  return unset && 'enum' in unset ? { anyOf: [unset, { $ref: '#/definitions/expression' }] } : value;
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
