import type { Value } from '../../expression/values.ts';

/** The natural order of keys: numbers by size, digits in texts as numbers, letters behind other signs. */
export function compareKeys(one: Value, other: Value): number {
  const [left, right] = [sizeOf(one), sizeOf(other)];
  if (left !== undefined && right !== undefined && left !== right) return left - right;
  if (typeof one !== 'string' || typeof other !== 'string') return rank(one) - rank(other);
  return compareTexts(Array.from(one), Array.from(other));
}

function compareTexts(one: readonly string[], other: readonly string[]): number {
  const length = Math.min(one.length, other.length);
  let behindDigit = false;
  for (let at = 0; at < length; at++) {
    const [left, right] = [one[at]!, other[at]!];
    if (left === right) {
      behindDigit = isDigit(left);
      continue;
    }
    const [isLeft, isRight] = [isLetter(left), isLetter(right)];
    if (isLeft && isRight) return order(left, right);
    if (isLeft || isRight) return (behindDigit ? isLeft : isRight) ? -1 : 1;
    return compareNumbers(one, other, at) || order(left, right);
  }
  return one.length - other.length;
}

/** Runs of digits by what they amount to, then by length; 0 where neither decides. */
function compareNumbers(one: readonly string[], other: readonly string[], at: number): number {
  const [left, right] = [digitsFrom(one, at), digitsFrom(other, at)];
  // Behind digits a zero is part of the number, not at its head.
  const isInside = (one[at] === '0' || other[at] === '0') && hasNumberBefore(one, at);
  const amount = (digits: string) => BigInt((isInside ? '1' : '0') + digits);
  if (amount(left) !== amount(right)) return amount(left) < amount(right) ? -1 : 1;
  return left.length - right.length;
}

function hasNumberBefore(signs: readonly string[], at: number): boolean {
  for (let before = at - 1; before >= 0 && isDigit(signs[before]!); before--)
    if (signs[before] !== '0') return true;
  return false;
}

function digitsFrom(signs: readonly string[], at: number): string {
  let end = at;
  while (end < signs.length && isDigit(signs[end]!)) end++;
  return signs.slice(at, end).join('');
}

function sizeOf(key: Value): number | undefined {
  if (typeof key === 'bigint' || typeof key === 'number') return Number(key);
  return typeof key === 'boolean' ? Number(key) : undefined;
}

function rank(key: Value): number {
  return ['boolean', 'bigint', 'number', 'object', 'string'].indexOf(typeof key);
}

function order(one: string, other: string): number {
  return one.codePointAt(0)! - other.codePointAt(0)!;
}

function isDigit(sign: string): boolean {
  return /\d/.test(sign);
}

function isLetter(sign: string): boolean {
  return /\p{L}/u.test(sign);
}
