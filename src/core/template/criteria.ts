import { ExpressionError, fail } from '../expression/errors.ts';
import { evaluateExpression } from '../expression/expression.ts';
import { formatText } from '../expression/format/text.ts';
import type { DiscoveredArtifacts } from '../freight/discovered.ts';
import { parseBoolean } from './coerce.ts';
import type { DiscoveredEnvironment } from './functions/discovered/discovered.ts';
import { discoveredFunctions } from './functions/discovered/index.ts';

/**
 * Whether criteria for new Freight hold over what was discovered: a bare expression without names, whose result is a
 * boolean or the text of one. Throws an ExpressionError.
 */
export function evaluateCriteria(
  expression: string,
  discovered: DiscoveredArtifacts,
  more: Pick<DiscoveredEnvironment, 'clock' | 'zones'> = {},
): boolean {
  if (expression.trim() === '') throw new ExpressionError('compile', 'the expression is blank', 0);
  const environment: DiscoveredEnvironment = {
    ...more,
    values: null,
    functions: discoveredFunctions,
    discovered,
  };
  const value = evaluateExpression(expression, environment);
  return parseBoolean(formatText(value)) ?? fail('the criteria came to neither true nor false');
}
