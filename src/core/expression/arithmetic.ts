import { fail } from './errors.ts';
import { joinTexts } from './utf8.ts';
import { Integer, Native, typeName, type Value } from './values.ts';

/** The result of `+ - * / % ** ^`. Whole numbers wrap at 64 bits; `/` and `**` always give a fraction. */
export function calculate(operator: string, left: Value, right: Value): Value {
  if (operator === '+' && typeof left === 'string' && typeof right === 'string')
    return joinTexts(left, right);
  const one = numberOf(left);
  const other = numberOf(right);
  if (one !== undefined && other !== undefined) {
    const both = typeof one === 'bigint' && typeof other === 'bigint';
    const result = both
      ? calculateWhole(operator, one, other)
      : calculateFraction(operator, Number(one), Number(other));
    if (result !== undefined) return result;
  }
  const native =
    (left instanceof Native ? left.arithmetic(operator, right, false) : undefined) ??
    (right instanceof Native ? right.arithmetic(operator, left, true) : undefined);
  return native ?? fail(`invalid operation: ${typeName(left)} ${operator} ${typeName(right)}`);
}

/** The negative of a number. */
export function negate(value: Value): Value {
  const number = numberOf(value);
  if (typeof number === 'number') return -number;
  return number === undefined ? fail(`invalid operation: - ${typeName(value)}`) : BigInt.asIntN(64, -number);
}

/** All whole numbers from one to the other, both included; fractions are cut. */
export function range(from: Value, to: Value): { readonly first: bigint; readonly count: number } {
  const first = truncate(from);
  const count = truncate(to) - first + 1n;
  return { first, count: count < 0n ? 0 : Number(count) };
}

/** A number as a plain one: bigint or fraction; undefined for everything else. */
export function numberOf(value: Value): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return value instanceof Integer ? value.value : undefined;
}

/** The whole number of any number, its fraction cut. */
export function truncate(value: Value): bigint {
  const number = numberOf(value);
  if (typeof number === 'bigint') return number;
  if (number === undefined) return fail(`${typeName(value)} where a whole number is wanted`);
  if (!(Math.abs(number) < 2 ** 63)) fail('number outside 64 bits');
  return BigInt(Math.trunc(number));
}

function calculateWhole(operator: string, left: bigint, right: bigint): Value | undefined {
  switch (operator) {
    case '+':
      return BigInt.asIntN(64, left + right);
    case '-':
      return BigInt.asIntN(64, left - right);
    case '*':
      return BigInt.asIntN(64, left * right);
    case '%':
      return right === 0n ? fail('integer divide by zero') : BigInt.asIntN(64, left % right);
    default:
      return calculateFraction(operator, Number(left), Number(right));
  }
}

function calculateFraction(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '**':
    case '^':
      return power(left, right);
    default:
      return undefined;
  }
}

/** JavaScript alone makes NaN of 1 to the power of NaN or infinity. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  return base ** exponent;
}
