import { ExpressionError } from './errors.ts';
import type { Token } from './lexer.ts';

/** A number as written: whole ones are bigint, those with a point or an exponent fractions. */
export function parseNumber({ text, start }: Token): bigint | number {
  const digits = text.replaceAll('_', '');
  const isWhole = /^0[xXoObB]/.test(digits) || !/[.eE]/.test(digits);
  return isWhole ? parseWhole(digits, start) : parseFraction(digits, start);
}

function parseWhole(digits: string, start: number): bigint {
  if (!/^(0x[0-9a-f]+|0o[0-7]+|0b[01]+|[0-9]+)$/i.test(digits)) refuse(start);
  const value = BigInt(/^0[0-9]/.test(digits) ? digits.replace(/^0+(?=.)/, '') : digits);
  if (value > 0x7fff_ffff_ffff_ffffn)
    throw new ExpressionError('compile', 'whole number beyond 64 bits', start);
  return value;
}

function parseFraction(digits: string, start: number): number {
  if (!/^([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(digits)) refuse(start);
  const value = Number(digits);
  if (!Number.isFinite(value)) throw new ExpressionError('compile', 'number too large', start);
  return value;
}

function refuse(start: number): never {
  throw new ExpressionError('compile', 'not a number', start);
}
