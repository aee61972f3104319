import type { Json } from '../json.ts';
import { ExpressionError } from '../expression/errors.ts';
import { parseJson } from '../expression/format/json.ts';
import { parseFloatText } from '../expression/format/parse-float.ts';

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((word) => [word, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((word) => [word, false] as const),
]);

/** What Kargo makes of an assembled text: quoted text, number, boolean, JSON, or the text itself. */
export function coerceText(text: string): Json {
  const body = text.replace(/\n$/, '');
  if (isQuoted(body)) return unquoteText(text);
  const number = parseFloatText(body);
  if (number !== undefined) {
    if (!Number.isFinite(number))
      throw new ExpressionError('marshal', 'the result is a number that JSON cannot carry');
    // JSON has one zero.
    return number + 0;
  }
  const truth = parseBoolean(body);
  if (truth !== undefined) return truth;
  const json = parseJson(body);
  return json === undefined ? text : json;
}

/** A number or boolean where it prints back to the same text, else the text: `3` and `true`, but not `1.20` or `1e5`. */
export function coerceExactly(text: string): string | number | boolean {
  const body = text.replace(/\n$/, '');
  if (body === 'true' || body === 'false') return body === 'true';
  const number = /^-?\d/.test(body) ? Number(body) : NaN;
  const isExact = String(number) === body && Math.abs(number) <= Number.MAX_SAFE_INTEGER;
  return isExact ? number : unquoteText(text);
}

/** A boolean as Go's ParseBool reads it; undefined if it is none. */
export function parseBoolean(text: string): boolean | undefined {
  return booleans.get(text);
}

/** The text without the quotes that `quote()` put around it; its last line break stays. */
export function unquoteText(text: string): string {
  const body = text.replace(/\n$/, '');
  return isQuoted(body) ? body.slice(1, -1) + text.slice(body.length) : text;
}

function isQuoted(text: string): boolean {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"');
}
