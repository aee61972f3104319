import { ExpressionError } from '../errors.ts';
import {
  arrayOf,
  elementOf,
  explainNature,
  isArray,
  isNumber,
  isSame,
  isUnknown,
  natures,
  type Nature,
} from '../nature.ts';
import { compileRegex } from '../regex.ts';
import { durationNature } from '../time/duration.ts';
import { timeNature } from '../time/instant.ts';
import type { BinaryNode } from '../tree.ts';

/** The nature of the result of a binary operator, its operands checked; a text is what is wrong with them. */
export function checkOperator(node: BinaryNode): Nature | string {
  const { operator } = node;
  const [left, right] = [node.left.nature!, node.right.nature!];
  const result = resultOf(operator, left, right, node);
  return (
    result ??
    `invalid operation: ${operator} (mismatched types ${explainNature(left)} and ${explainNature(right)})`
  );
}

function resultOf(operator: string, left: Nature, right: Nature, node: BinaryNode): Nature | undefined {
  switch (operator) {
    case '==':
    case '!=':
      return isComparable(left, right) ? natures.bool : undefined;
    case 'and':
    case '&&':
    case 'or':
    case '||':
      return both(left, right, ['bool']) ? natures.bool : undefined;
    case '<':
    case '>':
    case '<=':
    case '>=':
      return isOrdered(left, right) ? natures.bool : undefined;
    case '+':
    case '-':
    case '*':
      return calculate(operator, left, right);
    case '/':
    case '**':
    case '^':
      return both(left, right, ['int', 'float']) ? natures.float : undefined;
    case '%':
      return both(left, right, ['int']) ? natures.int : undefined;
    case '..':
      return both(left, right, ['int']) ? arrayOf(natures.int) : undefined;
    case 'in':
      return canBeIn(left, right) ? natures.bool : undefined;
    case 'matches':
      checkPattern(node);
      return (left.kind === 'bytes' && right.kind === 'string') || both(left, right, ['string', 'bytes'])
        ? natures.bool
        : undefined;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return both(left, right, ['string']) ? natures.bool : undefined;
    case '??':
      return coalesce(left, right);
    default:
      return undefined;
  }
}

/** Both of those kinds, as far as they are known. */
function both(left: Nature, right: Nature, kinds: readonly Nature['kind'][]): boolean {
  return [left, right].every((nature) => isUnknown(nature) || kinds.includes(nature.kind));
}

function isComparable(left: Nature, right: Nature): boolean {
  if ([left, right].some(({ kind }) => kind === 'unknown' || kind === 'nil')) return true;
  return (isNumber(left) && isNumber(right)) || (isArray(left) && isArray(right)) || isSame(left, right);
}

function isOrdered(left: Nature, right: Nature): boolean {
  if (isNumber(left) && isNumber(right)) return true;
  const kinds = ['int', 'float', 'string', 'time', 'duration'] as const;
  return both(left, right, kinds) && (isUnknown(left) || isUnknown(right) || left.kind === right.kind);
}

function calculate(operator: string, left: Nature, right: Nature): Nature | undefined {
  if (isNumber(left) && isNumber(right)) {
    return left.kind === 'float' || right.kind === 'float' ? natures.float : natures.int;
  }
  if (isUnknown(left) || isUnknown(right)) {
    const kinds = {
      '+': ['string', 'time', 'duration'],
      '-': ['time', 'duration'],
      '*': ['duration'],
    } as const;
    const fits = ['int', 'float', ...kinds[operator as '+' | '-' | '*']] as const;
    return both(left, right, fits) ? natures.unknown : undefined;
  }
  return calculateKnown(operator, left.kind, right.kind);
}

function calculateKnown(operator: string, left: string, right: string): Nature | undefined {
  const isNumeric = (kind: string) => kind === 'int' || kind === 'float';
  if (operator === '*') {
    const spans = [left, right].filter((kind) => kind === 'duration').length;
    return spans === 2 || (spans === 1 && [left, right].some(isNumeric)) ? durationNature : undefined;
  }
  if (operator === '+' && left === 'string' && right === 'string') return natures.string;
  if (left === 'duration' && right === 'duration') return durationNature;
  if (left === 'time' && right === 'duration') return timeNature;
  if (operator === '+') return left === 'duration' && right === 'time' ? timeNature : undefined;
  return left === 'time' && right === 'time' ? durationNature : undefined;
}

function canBeIn(left: Nature, right: Nature): boolean {
  if (isUnknown(right)) return true;
  if (right.kind === 'map') return left.kind === 'string' || isUnknown(left);
  if (right.kind === 'anymap') return left.kind !== 'nil';
  if (isArray(right)) return isComparable(left, elementOf(right));
  if (right.native?.fields) return left.kind === 'string' || isUnknown(left);
  return isUnknown(left) && right.kind === 'string';
}

function checkPattern({ right }: BinaryNode): void {
  if (right.kind !== 'constant' || typeof right.value !== 'string') return;
  try {
    compileRegex(right.value);
  } catch (error) {
    throw new ExpressionError(
      'compile',
      error instanceof Error ? error.message : 'not a regular expression',
      right.start,
    );
  }
}

function coalesce(left: Nature, right: Nature): Nature {
  if (left.kind === 'nil') return right;
  return right.kind === 'nil' || isSame(left, right) ? left : natures.unknown;
}
