import type { Environment } from '../expression/function.ts';
import type { Json } from '../json.ts';
import { coerceText } from './coerce.ts';
import { spliceTemplate } from './splice.ts';
import { hasExpression } from './split.ts';

export { checkTemplate } from './check-template.ts';
export { hasExpression } from './split.ts';

/**
 * What a text with `${{ }}` comes to: expressions are replaced by their results, and the whole is read again as
 * number, boolean or JSON where it looks like one. A text without expressions stays as it is. Throws an
 * ExpressionError whose offset points into the text.
 */
export function evaluateTemplate(text: string, environment: Environment): Json {
  return hasExpression(text) ? coerceText(spliceTemplate(text, environment)) : text;
}
