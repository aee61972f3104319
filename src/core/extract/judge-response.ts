import { NotYet, TerminalError, TransientError } from '../errors.ts';
import { compileExpression, ExpressionError } from '../expression/expression.ts';
import type { Dict } from '../expression/values.ts';
import { evaluateBare, explainExpression, noFunctions, type Extraction } from './extract-outputs.ts';

/** What makes a response a success; expressions are bare. */
export interface Criteria {
  readonly successExpression?: string;
  readonly failureExpression?: string;
  readonly errorExpression?: string;
}

/** Throws a TerminalError with every expression that cannot be read at all, before anything is sent. */
export function checkCriteria(criteria: Criteria, outputs: readonly Extraction[]): void {
  const { successExpression, failureExpression } = criteria;
  const expressions: readonly (readonly [string, string | undefined])[] = [
    ['successExpression', successExpression],
    ['failureExpression', failureExpression],
    ...outputs.map(({ fromExpression }, at) => [`outputs[${at}].fromExpression`, fromExpression] as const),
  ];
  const problems = expressions.flatMap(([field, text]) => (text ? findFault(field, text) : []));
  if (problems.length > 0) throw new TerminalError(problems.join('; '), { status: 'Errored' });
}

/**
 * Returns when a response is a success. A criterion that is not given is the inverse of the other; without both 2xx is a
 * success. Throws a TerminalError when an explicit failure is met, a TransientError when an implied one is, NotYet when both are
 * given and neither is met, an Error when a criterion has no answer.
 */
export function judgeResponse(status: number, criteria: Criteria, names: Dict, pollInterval: number): void {
  const { successExpression, failureExpression } = criteria;
  const succeeded = isMet('successExpression', successExpression, names);
  const failed = isMet('failureExpression', failureExpression, names);
  const message = `HTTP (${status}) response met failure criteria`;
  if (failed) throw new TerminalError(message + explainFailure(criteria, names));
  if (succeeded) return;
  if (succeeded === false && failed === false)
    throw new NotYet(`HTTP (${status}) response met neither success nor failure criteria`, pollInterval);
  if (succeeded === undefined && (failed === false || (status >= 200 && status < 300))) return;
  throw new TransientError(message + explainFailure(criteria, names), { status: 'Failed' });
}

function isMet(field: string, expression: string | undefined, names: Dict): boolean | undefined {
  if (!expression) return undefined;
  let value: unknown;
  try {
    value = evaluateBare(expression, names, names);
  } catch (error) {
    throw new Error(explainExpression(field, error), { cause: error });
  }
  if (typeof value === 'boolean') return value;
  throw new Error(`${field}: gives neither true nor false but ${value === null ? 'nil' : typeof value}`);
}

/** What the user's own expression makes of a failure; nothing where it has no text. */
function explainFailure({ errorExpression }: Criteria, names: Dict): string {
  if (!errorExpression) return '';
  const [fault] = findFault('errorExpression', errorExpression);
  if (fault) throw new TerminalError(fault, { status: 'Errored' });
  try {
    const text = evaluateBare(errorExpression, names, names);
    return typeof text === 'string' && text !== '' ? `: ${JSON.stringify(text)}` : '';
  } catch (error) {
    if (error instanceof ExpressionError) return '';
    throw error;
  }
}

function findFault(field: string, expression: string): readonly string[] {
  try {
    compileExpression(expression, noFunctions);
    return [];
  } catch (error) {
    return [explainExpression(field, error)];
  }
}
