import { ExpressionError, fail, moved } from '../expression/errors.ts';
import { evaluateExpression } from '../expression/expression.ts';
import { encodeJson, repair } from '../expression/format/json.ts';
import type { Environment } from '../expression/function.ts';
import { Dict, type Value } from '../expression/values.ts';
import { splitTemplate, type ExpressionSegment } from './split.ts';

/** The value of a template's only expression, when there is nothing else in it but white space. */
export function evaluateLone(text: string, environment: Environment): { readonly value: Value } | undefined {
  const segments = splitTemplate(text);
  const expressions = segments.filter((segment) => typeof segment !== 'string');
  const isLone = segments.every((segment) => typeof segment !== 'string' || segment.trim() === '');
  return isLone && expressions.length === 1
    ? { value: evaluateSegment(expressions[0]!, environment) }
    : undefined;
}

/** The text of a template with what its expressions come to in their places. */
export function spliceTemplate(text: string, environment: Environment): string {
  return splitTemplate(text)
    .map((segment) => {
      if (typeof segment === 'string') return segment;
      const value = evaluateSegment(segment, environment);
      return within(segment, () => spliceValue(value));
    })
    .join('');
}

/** A value as it stands in a text: texts as they are, everything else as compact JSON. */
export function spliceValue(value: Value): string {
  return typeof value === 'string' ? repair(value) : encodeJson(value);
}

function evaluateSegment(segment: ExpressionSegment, environment: Environment): Value {
  return within(segment, () => {
    if (segment.expression.trim() === '') throw new ExpressionError('compile', 'the expression is blank', 0);
    return evaluateExpression(segment.expression, withNested(segment, environment));
  });
}

function withNested({ nested }: ExpressionSegment, environment: Environment): Environment {
  if (nested.size === 0) return environment;
  const entries = [...nested].map(([name, text]) => [name, spliceTemplate(text, environment)] as const);
  const values = environment.values ?? fail('there is nothing to read from here');
  return { ...environment, values: new Dict(new Map([...values.entries, ...entries])) };
}

/** Errors tell where they are in the template. */
function within<T>(segment: ExpressionSegment, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    throw error instanceof ExpressionError ? moved(error, segment.start) : error;
  }
}
