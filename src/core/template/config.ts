import { ExpressionError } from '../expression/errors.ts';
import type { Environment } from '../expression/function.ts';
import { AnyDict, Callable, Dict, isNil, List, Native, type Value } from '../expression/values.ts';
import { formatPath, isObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { coerceExactly, unquoteText } from './coerce.ts';
import { artifactField } from './functions/freight/structure.ts';
import { evaluateLone, spliceTemplate, spliceValue } from './splice.ts';
import { evaluateTemplate, hasExpression } from './template.ts';

/** What a field that holds text is for: plain text, the value of an artifact, or a scalar of any type. */
export type TextField = 'text' | 'exact' | 'commit' | 'image' | 'chart';

type FindTextField = (path: JsonPath) => TextField | undefined;

/**
 * A config with its expressions evaluated, keys aside. Where `textField` answers, the field keeps its text: nil leaves
 * it out, an artifact gives its natural value. Elsewhere Kargo's coercion. Errors name the field.
 */
export function evaluateConfig(
  config: JsonObject,
  environment: Environment,
  textField: FindTextField,
): JsonObject {
  const evaluated = isObject(config) ? evaluateValue(config, [], environment, textField) : undefined;
  if (!isObject(evaluated)) throw new ExpressionError('template', 'a config must be a map');
  return evaluated;
}

/** Undefined where a value is left out. */
function evaluateValue(
  value: Json,
  path: JsonPath,
  environment: Environment,
  textField: FindTextField,
): Json | undefined {
  if (typeof value === 'string')
    return hasExpression(value) ? evaluateText(value, path, environment, textField) : value;
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index) =>
      evaluateValue(item, [...path, index], environment, textField),
    );
    return items.filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const evaluated = evaluateValue(item, [...path, key], environment, textField);
    return evaluated === undefined ? [] : [[key, evaluated] as const];
  });
  return Object.fromEntries(entries);
}

function evaluateText(
  text: string,
  path: JsonPath,
  environment: Environment,
  textField: FindTextField,
): Json | undefined {
  const field = textField(path);
  try {
    if (field === undefined) return evaluateTemplate(text, environment);
    return field === 'exact'
      ? evaluateScalar(text, environment)
      : evaluateTextField(text, field, environment);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new ExpressionError(error.stage, `${formatPath(path)}: ${error.message}`, error.offset);
  }
}

/** Text that an expression makes becomes a number only where that loses nothing; other values are what they are. */
function evaluateScalar(text: string, environment: Environment): Json {
  const lone = evaluateLone(text, environment);
  const isText = lone === undefined || typeof lone.value === 'string';
  return isText ? coerceExactly(spliceTemplate(text, environment)) : evaluateTemplate(text, environment);
}

function evaluateTextField(
  text: string,
  field: Exclude<TextField, 'exact'>,
  environment: Environment,
): string | undefined {
  const lone = evaluateLone(text, environment);
  if (!lone) return unquoteText(spliceTemplate(text, environment));
  const { value } = lone;
  if (isNil(value)) return undefined;
  // A block text ends in a line break that nobody means.
  const trailing = typeof value === 'string' ? text.slice(text.trimEnd().length) : '';
  return unquoteText(textOf(value, field) + trailing);
}

function textOf(value: Value, field: Exclude<TextField, 'exact'>): string {
  const natural = value instanceof Native ? artifactField(value, field) : undefined;
  if (natural !== undefined) return natural;
  const plain = value instanceof Native ? value.json() : value;
  const isStructured = [List, Dict, AnyDict, Uint8Array, Callable].some((kind) => plain instanceof kind);
  if (!isStructured) return spliceValue(plain);
  const hint =
    value instanceof Native ? 'choose one of its fields' : 'use quote() or asJSON() to make a text of it';
  throw new ExpressionError(
    'run',
    `a text is wanted here, but the expression gives a list or a map: ${hint}`,
  );
}
