import { isObject, type Json } from '../json.ts';

/** A value as JSON on one line; numbers with plain digits, never `1e+21`. */
export function renderJson(value: Json): string {
  if (typeof value === 'number') return plainNumber(value);
  if (Array.isArray(value)) return `[${value.map(renderJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${renderJson(item)}`);
  return `{${members.join(',')}}`;
}

/** The digits of a number without an exponent. */
export function plainNumber(value: number): string {
  const [, sign = '', first = '', rest = '', exponent] =
    /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value);
  const digits = first + rest;
  const size = Number(exponent);
  return size < 0 ? `${sign}0.${'0'.repeat(-size - 1)}${digits}` : sign + digits.padEnd(size + 1, '0');
}
