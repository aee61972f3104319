import type { Json } from '../../json.ts';
import { Budget } from '../budget.ts';
import { ExpressionError, fail } from '../errors.ts';
import { sortTexts } from '../utf8.ts';
import { AnyDict, Dict, fromJson, Integer, List, maximumDepth, Native, type Value } from '../values.ts';
import { encodeBase64 } from './base64.ts';

/**
 * A value as Go's JSON encoder writes it: keys in byte order, `<`, `>` and `&` escaped. Compact, or indented by
 * `indent`. Throws an ExpressionError of stage `marshal` for what JSON cannot carry.
 */
export function encodeJson(value: Value, indent = '', budget = new Budget()): string {
  return encode(value, indent, '\n', 0, budget);
}

/** The value of a JSON text, numbers as fractions. Throws an ExpressionError of stage `run`. */
export function decodeJson(text: string): Value {
  const json = parseJson(text);
  return json === undefined ? fail('the text is not valid JSON') : fromJson(json);
}

/** The JSON of a text; undefined if it is none, or holds a number beyond all fractions. */
export function parseJson(text: string): Json | undefined {
  // A failure of the parser is dear, and most texts are no JSON.
  if (!mayBeJson.test(text)) return undefined;
  try {
    if (!isUnusual.test(text)) return JSON.parse(text) as Json;
    let isTooLarge = false;
    const json = JSON.parse(text, (_, item: unknown) => {
      if (item === Infinity || item === -Infinity) isTooLarge = true;
      return typeof item === 'string' ? repair(item) : item;
    }) as Json;
    return isTooLarge ? undefined : json;
  } catch {
    return undefined;
  }
}

/** Texts in which nothing is escaped. */
const plain = /^[ !#-%'-;=?-[\]-~]*$/;
/** What may hold a number beyond all fractions, or half of a pair. */
const isUnusual = /[eE]\+?\d{3}|(?:^|\D)\d{300}|\\u[dD]|\p{Surrogate}/u;
const mayBeJson = /^[ \t\r\n]*[[{"\d\-tfn]/;

/** A text in quotes as Go's JSON encoder writes it. */
export function quoteJson(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  // What is no character is written as an escape, a real U+FFFD as it is.
  return JSON.stringify(text)
    .replace(/(\\\\)|\\ud[89a-f][0-9a-f]{2}/g, (_, backslash?: string) => backslash ?? '\\ufffd')
    .replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function encode(value: Value, indent: string, line: string, depth: number, budget: Budget): string {
  budget.spend(6);
  if (depth > maximumDepth) throw new ExpressionError('marshal', 'the value is nested too deeply');
  if (value === null) return 'null';
  if (typeof value === 'string') {
    budget.spend(value.length >> 2);
    return quoteJson(value);
  }
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Integer) return String(value.value);
  if (value instanceof Uint8Array) return `"${encodeBase64(value)}"`;
  if (value instanceof Native) return encode(value.json(), indent, line, depth + 1, budget);
  const inner = line + indent;
  const finish = (text: string) => {
    budget.spend(text.length >> 4);
    return text;
  };
  const nested = (item: Value) => encode(item, indent, inner, depth + 1, budget);
  if (value instanceof List)
    return value.isNil ? 'null' : finish(enclose('[', value.items.map(nested), ']', indent, line));
  if (value instanceof Dict) {
    budget.sort(value.entries.size);
    const keys = sortTexts([...value.entries.keys()]);
    const colon = indent ? ': ' : ':';
    const entries = keys.map((key) => quoteJson(key) + colon + nested(value.entries.get(key)!));
    return finish(enclose('{', entries, '}', indent, line));
  }
  const what = value instanceof AnyDict ? 'a map made by groupBy or fromPairs' : 'a function';
  throw new ExpressionError('marshal', `JSON cannot carry ${what}`);
}

function enclose(
  open: string,
  parts: readonly string[],
  close: string,
  indent: string,
  line: string,
): string {
  if (parts.length === 0 || !indent) return open + parts.join(',') + close;
  return open + line + indent + parts.join(`,${line}${indent}`) + line + close;
}

function encodeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new ExpressionError('marshal', `JSON cannot carry the number ${value}`);
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Half of a surrogate pair becomes U+FFFD. */
export function repair(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
