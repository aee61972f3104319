import { ExpressionError } from '../core/expression/errors.ts';
import { evaluateExpression } from '../core/expression/expression.ts';
import { encodeJson } from '../core/expression/format/json.ts';
import { fromJson } from '../core/expression/values.ts';
import type { Json } from '../core/json.ts';
import { formatProblem } from '../core/problem.ts';
import { hasExpression } from '../core/template/split.ts';
import { evaluateTemplate } from '../core/template/template.ts';
import { drawCodeFrame } from './code-frame.ts';
import { InvalidInput } from './errors.ts';
import { createTrialEnvironment } from './trial-environment.ts';

/**
 * What an expression, or a template, comes to over a context, as compact JSON. Throws InvalidInput that draws the place
 * of a fault.
 */
export function evaluateText(text: string, isTemplate: boolean, context: Json, now: Date): string {
  const environment = createTrialEnvironment(context, now);
  try {
    return encodeJson(
      isTemplate ? fromJson(evaluateTemplate(text, environment)) : evaluateExpression(text, environment),
    );
  } catch (error) {
    if (error instanceof ExpressionError) throw new InvalidInput(explain(error, text, isTemplate));
    throw error;
  }
}

function explain({ message, offset }: ExpressionError, text: string, isTemplate: boolean): string {
  const hint = !isTemplate && hasExpression(text) ? '; a text with ${{ }} needs --template' : '';
  if (offset === undefined) return `${isTemplate ? 'template' : 'expression'}: ${message}${hint}`;
  const before = text.slice(0, offset).split('\n');
  const position = { line: before.length, column: before.at(-1)!.length + 1 };
  const source = isTemplate ? 'template' : 'expression';
  const head = formatProblem({ message: `${message}${hint}`, place: { source, ...position } });
  return `${head}\n${drawCodeFrame(text, position)}`;
}
