import {
  evaluateExpression,
  ExpressionError,
  type Environment,
} from '../../../src/core/expression/expression.ts';
import { encodeJson } from '../../../src/core/expression/format/json.ts';
import { createFunctionTable } from '../../../src/core/expression/function.ts';
import { Dict, fromJson, typeName, type Value } from '../../../src/core/expression/values.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { evaluateConfig } from '../../../src/core/template/config.ts';
import { textFunctions } from '../../../src/core/template/functions/index.ts';
import { evaluateTemplate } from '../../../src/core/template/template.ts';
import { openTimeZones } from '../../../src/providers/time-zones/time-zones.ts';
import { stubFunctions } from './stub-functions.ts';

/** A recorded result of an expression, a template or a config. */
export interface ExpressionCase {
  readonly id?: string;
  readonly expr?: string;
  readonly template?: string;
  readonly jsonTemplate?: JsonObject;
  readonly env?: JsonObject;
  readonly want?: Json;
  readonly error?: true;
  readonly stage?: string;
  readonly type?: string;
  readonly text?: string;
}

interface Outcome {
  readonly stage?: string;
  readonly message?: string;
  readonly json?: unknown;
  readonly text?: string;
  readonly type?: string;
}

const bare = createFunctionTable([]);
const templateFunctions = createFunctionTable([...textFunctions.values(), ...stubFunctions]);
const zones = openTimeZones();
const clock = '2025-06-01T12:00:00Z';

/** Kinds of a result that our types can tell apart, by the name the cases use. */
const types: Readonly<Record<string, string>> = {
  int: 'int',
  float64: 'float',
  bytes: 'array',
  anymap: 'map',
  uint8: 'uint',
  int64: 'int',
};

export function isExpressionCase(record: unknown): record is ExpressionCase {
  const keys = Object.keys(record as object);
  return ['expr', 'template', 'jsonTemplate'].some((key) => keys.includes(key));
}

/** What decisions about a case name it by. */
export function idOf({ id, expr, template, jsonTemplate }: ExpressionCase): string {
  return id ?? expr ?? template ?? JSON.stringify(jsonTemplate);
}

/** How a case differs from what was recorded: `expected  got`, or nothing. */
export function checkExpressionCase(
  record: ExpressionCase,
  isSame: (one: unknown, other: unknown) => boolean,
): readonly string[] {
  const outcome = run(record);
  const got = outcome.stage
    ? `${outcome.stage} error: ${outcome.message}`
    : `${outcome.text} (${outcome.type})`;
  const source = record.expr ?? record.template ?? JSON.stringify(record.jsonTemplate);
  const differs = (expected: string) => [`expected ${expected}  got ${got}  for ${source}`];
  if (record.error) return isStage(record, outcome) ? [] : differs(`a ${record.stage} error`);
  const expected = record.text ?? JSON.stringify(record.want);
  if (record.want === undefined && record.text === undefined)
    return outcome.stage === 'compile' ? differs('a value') : [];
  if (outcome.stage || !isSame(outcome.json, JSON.parse(expected))) return differs(expected);
  if (record.text !== undefined && record.text !== outcome.text) return differs(record.text);
  const type = record.expr === undefined ? undefined : record.type && (types[record.type] ?? record.type);
  return type !== undefined && type !== outcome.type ? differs(`${expected} (${record.type})`) : [];
}

function run(record: ExpressionCase): Outcome {
  try {
    if (record.expr !== undefined)
      return describeValue(evaluateExpression(record.expr, environmentOf(record, bare)));
    const environment = environmentOf(record, templateFunctions);
    const json =
      record.template === undefined
        ? evaluateConfig(record.jsonTemplate!, environment, () => undefined)
        : evaluateTemplate(record.template, environment);
    return { json, text: JSON.stringify(json) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { stage: error.stage, message: error.message };
  }
}

function environmentOf({ env = {} }: ExpressionCase, functions: Environment['functions']): Environment {
  const values = fromJson(env);
  return { values: values instanceof Dict ? values : null, functions, clock, zones };
}

function describeValue(value: Value): Outcome {
  const text = encodeJson(value);
  return { text, json: JSON.parse(text), type: typeName(value) };
}

/** What happens inside a template is an error of the template. */
function isStage({ expr, stage }: ExpressionCase, outcome: Outcome): boolean {
  return expr === undefined ? outcome.stage !== undefined : outcome.stage === stage;
}
