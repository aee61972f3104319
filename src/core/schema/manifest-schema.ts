import type { JsonObject } from '../json.ts';
import { apiVersion } from '../definitions/manifest.ts';

/** What a schema needs to know of a step. */
export interface SchemaOfStep {
  readonly kind: string;
  readonly summary: string;
  readonly description?: string;
  readonly config: object;
}

/** A Stage. Beside its steps it may hold more than Gantry reads. */
export const stageSchema: JsonObject = manifestSchema(['Stage'], {
  type: 'object',
  properties: {
    shard: text('Kargo: the shard of the controller; Gantry has none.'),
    vars: reference('vars', 'Variables of the Stage: expressions read them as `vars.<name>`.'),
    requestedFreight: {
      type: 'array',
      description: 'Where the Freight of this Stage comes from.',
      items: {
        type: 'object',
        properties: {
          origin: {
            type: 'object',
            properties: { kind: { enum: ['Warehouse'] }, name: text('Name of the Warehouse.') },
            required: ['name'],
          },
          sources: { type: 'object', description: 'Directly from the Warehouse, or through other Stages.' },
        },
        required: ['origin'],
      },
    },
    promotionTemplate: {
      type: 'object',
      description: 'What a promotion to this Stage does.',
      properties: {
        spec: {
          type: 'object',
          additionalProperties: false,
          properties: {
            vars: reference('vars', 'Variables of the promotion; they win over those of the Stage.'),
            steps: reference('steps', 'What is done, in this order.'),
          },
        },
      },
    },
  },
});

/** A task: steps that Stages use by name. */
export const taskSchema: JsonObject = manifestSchema(['PromotionTask', 'ClusterPromotionTask'], {
  type: 'object',
  additionalProperties: false,
  properties: {
    vars: reference(
      'vars',
      'Variables with their defaults; one without a value has to be set by whoever uses the task.',
    ),
    steps: reference('steps', 'What takes the place of the task, in this order.'),
  },
  required: ['steps'],
});

/** Definitions of `steps`, `step`, `vars` and what they refer to; `config-<kind>` is a definition of its own. */
export function stepListSchema(steps: readonly SchemaOfStep[]): JsonObject {
  return {
    expression: { type: 'string', pattern: '\\$\\{[{%]' },
    duration: { type: 'string', description: 'Such as 10s, 5m or 1h30m.', pattern: '^[0-9.]+[a-zµμ]' },
    vars: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        properties: {
          name: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
          value: { type: 'string' },
        },
        required: ['name'],
      },
    },
    steps: { type: 'array', items: { $ref: '#/definitions/step' } },
    step: stepSchema(steps),
  };
}

function stepSchema(steps: readonly SchemaOfStep[]): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      uses: { description: 'Kind of step.', anyOf: steps.map(kindSchema) },
      task: {
        type: 'object',
        description: 'A task whose steps take the place of this one.',
        additionalProperties: false,
        properties: {
          name: text('Name of the task.'),
          kind: { enum: ['PromotionTask', 'ClusterPromotionTask'] },
        },
        required: ['name'],
      },
      as: {
        type: 'string',
        description: 'Alias: later steps read `outputs.<alias>`.',
        not: { pattern: '^(step|task)-[0-9]+$' },
      },
      if: text('An expression: the step is skipped unless it is true. Default: `${{ success() }}`.'),
      continueOnError: {
        type: 'boolean',
        description: 'A failure of this step does not fail the promotion.',
      },
      retry: retrySchema,
      vars: reference('vars', 'Variables of this step; they win over those of the promotion.'),
      config: { type: 'object', description: 'See the page of the step.' },
    },
    oneOf: [{ required: ['uses'] }, { required: ['task'] }],
    allOf: steps.map(({ kind, config }) => {
      const { required, minProperties } = config as { required?: unknown; minProperties?: number };
      const properties = { config: { $ref: `#/definitions/config-${kind}` } };
      const needed = required || minProperties ? { required: ['config'] } : {};
      const isKind = { type: 'object', properties: { uses: { const: kind } }, required: ['uses'] };
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      return { if: isKind, then: { properties, ...needed } };
    }),
  };
}

function kindSchema({ kind, summary, description }: SchemaOfStep): JsonObject {
  const page = [`**${kind}**: ${summary}`, description].filter(Boolean).join('\n\n');
  return { const: kind, description: summary, markdownDescription: page };
}

const retrySchema: JsonObject = {
  type: 'object',
  description: 'Patience with this step.',
  additionalProperties: false,
  properties: {
    timeout: reference('duration', 'Ends the step after this time; 0s means never.'),
    errorThreshold: {
      type: 'integer',
      minimum: 0,
      description: 'Consecutive errors that end the step. Default 1.',
    },
    backoff: {
      type: 'object',
      description: 'Pauses between attempts.',
      additionalProperties: false,
      properties: {
        initial: reference('duration', 'The first pause. Default 1s.'),
        factor: { type: 'number', minimum: 1, description: 'How much longer each next one is. Default 2.' },
        max: reference('duration', 'The longest pause. Default 1m.'),
      },
    },
  },
};

function manifestSchema(kinds: readonly string[], spec: JsonObject): JsonObject {
  return {
    type: 'object',
    properties: {
      apiVersion: { const: apiVersion },
      kind: { enum: kinds },
      metadata: {
        type: 'object',
        properties: { name: text('Name within the project.'), namespace: text('The project. Default: any.') },
        required: ['name'],
      },
      spec,
    },
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
  };
}

/** In draft 7 nothing beside a `$ref` counts, so the description stands around it. */
function reference(name: string, description: string): JsonObject {
  return { description, allOf: [{ $ref: `#/definitions/${name}` }] };
}

function text(description: string): JsonObject {
  return { type: 'string', description };
}
