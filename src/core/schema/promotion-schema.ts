import { isObject, type Json, type JsonObject } from '../json.ts';

interface SchemaOfStep {
  readonly kind: string;
  readonly summary: string;
  readonly config: object;
}

/**
 * JSON Schema 2020-12 for editors: a Stage, a PromotionTask, a ClusterPromotionTask, or a bare list of steps. Any value of
 * a config may be an expression instead; all else is as strict as the step itself.
 */
export function createPromotionSchema(steps: readonly SchemaOfStep[]): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Steps of a Kargo promotion, as Gantry runs them',
    allOf: [
      when({ kind: { const: 'Stage' } }, within(['spec', 'promotionTemplate', 'spec'], stepList)),
      when({ kind: { enum: ['PromotionTask', 'ClusterPromotionTask'] } }, within(['spec'], stepList)),
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      { if: { type: 'array' }, then: { $ref: '#/$defs/steps' } },
    ],
    $defs: {
      expression: { type: 'string', pattern: '\\$\\{[{%]' },
      steps: { type: 'array', items: { $ref: '#/$defs/step' } },
      step: stepSchema(steps),
      ...Object.fromEntries(steps.map(({ kind, config }) => [kind, admit(config as JsonObject)])),
    },
  };
}

const stepList: JsonObject = { steps: { $ref: '#/$defs/steps' } };

const duration: JsonObject = { type: 'string', description: 'Such as 10s, 5m or 1h30m.' };

function stepSchema(steps: readonly SchemaOfStep[]): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      uses: {
        description: 'Kind of step.',
        anyOf: steps.map(({ kind, summary }) => ({ const: kind, description: summary })),
      },
      task: {
        type: 'object',
        description: 'A task whose steps take the place of this one.',
        properties: { name: { type: 'string' }, kind: { enum: ['PromotionTask', 'ClusterPromotionTask'] } },
        required: ['name'],
      },
      as: { type: 'string', description: 'Alias: later steps read `outputs.<alias>`.' },
      if: { type: ['string', 'boolean'], description: 'The step is skipped unless this is true.' },
      continueOnError: {
        type: 'boolean',
        description: 'A failure of this step does not fail the promotion.',
      },
      retry: retrySchema,
      vars: {
        type: 'array',
        items: { type: 'object', properties: { name: { type: 'string' }, value: {} }, required: ['name'] },
      },
      config: { description: 'See the page of the step.' },
    },
    oneOf: [{ required: ['uses'] }, { required: ['task'] }],
    allOf: steps.map(({ kind, config }) => {
      const { required, minProperties } = config as { required?: unknown; minProperties?: number };
      const then = { properties: { config: { $ref: `#/$defs/${kind}` } } };
      return when(
        { uses: { const: kind } },
        required || minProperties ? { ...then, required: ['config'] } : then,
      );
    }),
  };
}

const retrySchema: JsonObject = {
  type: 'object',
  description: 'Patience with this step.',
  properties: {
    timeout: duration,
    errorThreshold: { type: 'integer', minimum: 0, description: 'Consecutive errors that end the step.' },
    backoff: {
      type: 'object',
      description: 'Pauses between attempts.',
      properties: { initial: duration, factor: { type: 'number', minimum: 1 }, max: duration },
    },
  },
};

function when(properties: JsonObject, then: JsonObject): JsonObject {
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  return { if: { type: 'object', properties, required: Object.keys(properties) }, then };
}

function within(path: readonly string[], properties: JsonObject): JsonObject {
  const inner: JsonObject = { properties };
  return path.reduceRight<JsonObject>((schema, name) => ({ properties: { [name]: schema } }), inner);
}

/** The same declaration, with an expression allowed in the place of every value but the whole. */
function admit(schema: JsonObject): JsonObject {
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
  const { description, deprecated, default: value, ...rules } = admit(schema);
  const isAnyText = rules['type'] === 'string' && Object.keys(rules).length === 1;
  const isFree = Object.keys(rules).length === 0;
  return {
    ...(description !== undefined && { description }),
    ...(deprecated !== undefined && { deprecated }),
    ...(value !== undefined && { default: value }),
    ...(isAnyText || isFree ? rules : { anyOf: [rules, { $ref: '#/$defs/expression' }] }),
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
  return unset && 'enum' in unset ? { anyOf: [unset, { $ref: '#/$defs/expression' }] } : value;
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
