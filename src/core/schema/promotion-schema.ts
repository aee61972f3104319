import type { JsonObject } from '../json.ts';
import { admitExpressions } from './admit-expressions.ts';
import { stageSchema, stepListSchema, taskSchema, type SchemaOfStep } from './manifest-schema.ts';

/** JSON Schemas for editors, draft 7: the newest that all of them know. Each stands alone. */
export interface PromotionSchemas {
  readonly stage: JsonObject;
  /** PromotionTask and ClusterPromotionTask. */
  readonly promotionTask: JsonObject;
  /** Files that hold several kinds, and bare lists of steps. Other kinds fit. */
  readonly any: JsonObject;
}

/**
 * Schemas of the manifests that hold steps. Any value of a config may be an expression instead; all else is as strict as
 * the step itself.
 */
export function createPromotionSchemas(steps: readonly SchemaOfStep[]): PromotionSchemas {
  const definitions: JsonObject = {
    stage: stageSchema,
    promotionTask: taskSchema,
    ...stepListSchema(steps),
    ...Object.fromEntries(steps.map((step) => [`config-${step.kind}`, configSchema(step)])),
  };
  const create = (title: string, rules: JsonObject): JsonObject => ({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    ...rules,
    definitions,
  });
  const stage: JsonObject = { $ref: '#/definitions/stage' };
  const task: JsonObject = { $ref: '#/definitions/promotionTask' };
  return {
    stage: create('Kargo Stage, as Gantry runs it', { allOf: [stage] }),
    promotionTask: create('Kargo PromotionTask, as Gantry runs it', { allOf: [task] }),
    any: create('Kargo manifests and lists of steps, as Gantry runs them', {
      allOf: [
        when({ const: 'Stage' }, stage),
        when({ enum: ['PromotionTask', 'ClusterPromotionTask'] }, task),
        // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
        { if: { type: 'array' }, then: { $ref: '#/definitions/steps' } },
      ],
    }),
  };
}

function configSchema({ summary, description, config }: SchemaOfStep): JsonObject {
  const text = [summary, description].filter(Boolean).join('\n\n');
  return { description: summary, markdownDescription: text, ...admitExpressions(config as JsonObject) };
}

function when(kind: JsonObject, then: JsonObject): JsonObject {
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  return { if: { type: 'object', properties: { kind }, required: ['kind'] }, then };
}
