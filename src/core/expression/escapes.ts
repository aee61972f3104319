import { ExpressionError } from './errors.ts';
import { encodeUtf8 } from './utf8.ts';

const short: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
const escape =
  /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8})|([0-7]{3})|([^]))/y;

/** What a quoted text stands for. */
export function decodeText(literal: string, offset: number): string {
  const parts = readParts(literal, offset);
  return parts.map((part) => (typeof part === 'string' ? part : String.fromCodePoint(part.code))).join('');
}

/** What a quoted bytes literal stands for: characters in UTF-8, `\xHH` and `\NNN` as they are. */
export function decodeBytes(literal: string, offset: number): Uint8Array {
  const bytes = readParts(literal, offset).flatMap((part) => {
    if (typeof part === 'string') return [...encodeUtf8(part)];
    if (part.isUnicode) throw new ExpressionError('compile', 'bytes know no \\u escape', offset);
    return [part.code];
  });
  return Uint8Array.from(bytes);
}

interface Escaped {
  readonly code: number;
  readonly isUnicode: boolean;
}

function readParts(literal: string, offset: number): readonly (string | Escaped)[] {
  const quote = literal[0]!;
  const body = literal.slice(1, -1);
  const parts: (string | Escaped)[] = [];
  for (let at = 0; at < body.length;) {
    const next = body.indexOf('\\', at);
    const plain = body.slice(at, next < 0 ? undefined : next);
    if (plain) parts.push(plain.replaceAll('\r', '\n'));
    if (next < 0) break;
    escape.lastIndex = next;
    parts.push(readEscape(escape.exec(body), quote, offset + next + 1));
    at = escape.lastIndex;
  }
  return parts;
}

function readEscape(found: RegExpExecArray | null, quote: string, offset: number): Escaped {
  const [, x, u, braced, long, octal, single] = found ?? [];
  const hex = u ?? braced ?? long;
  if (hex !== undefined) return { code: scalar(parseInt(hex, 16), offset), isUnicode: true };
  if (x !== undefined) return { code: parseInt(x, 16), isUnicode: false };
  const code = octal === undefined ? undefined : parseInt(octal, 8);
  if (code !== undefined && code < 256) return { code, isUnicode: false };
  const known =
    single === quote ? quote.charCodeAt(0) : Object.hasOwn(short, single ?? '') ? short[single!] : undefined;
  if (known === undefined) throw new ExpressionError('compile', 'unknown escape in a text', offset);
  return { code: known, isUnicode: false };
}

function scalar(code: number, offset: number): number {
  if (code > 0x10ffff)
    throw new ExpressionError('compile', 'escape beyond the last Unicode character', offset);
  return code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
}
