import { ExpressionError } from './errors.ts';
import { decodeBytes, decodeText } from './escapes.ts';

/** One word of an expression. Text and bytes carry what they stand for; the others how they are written. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'bytes' | 'operator' | 'bracket' | 'end';
  readonly text: string;
  readonly bytes?: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const words = new Set('not and or in matches contains startsWith endsWith let if else'.split(' '));
const slash = 0x2f;
const space = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/y;
const comment = /\/\/[^\n]*|\/\*[^]*?\*\//y;
const name = /[\p{L}_$][\p{L}\p{Nd}_$]*/uy;
const number =
  /0[xX][0-9a-fA-F_]*(?:\.(?!\.)[0-9a-fA-F_]*)?|0[oO][0-7_]*|0[bB][01_]*|(?:[0-9][0-9_]*(?:\.(?!\.)[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]*)?/y;
const operator = /\?\?|\?\.|\|\||&&|==|!=|<=|>=|\*\*|\.\.|::|[-?|!=*<>:.,;%+^/#]/y;
const quoted = /[bB]?(["'])(?:\\[^]|(?!\1)[^\\\n])*\1/y;
const raw = /`(?:``|[^`])*`/y;

/** The words of an expression, an `end` last. Throws an ExpressionError of stage `compile`. */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    at = skip(source, at);
    if (at >= source.length) break;
    const token = readToken(source, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', start: source.length, end: source.length });
  return tokens;
}

function skip(source: string, start: number): number {
  const code = source.charCodeAt(start);
  // Nearly always there is nothing to skip.
  if (code > 0x20 && code < 0x7f && code !== slash) return start;
  let at = start;
  for (;;) {
    const blank = match(space, source, at) ?? match(comment, source, at);
    if (blank === undefined) break;
    at += blank.length;
  }
  if (source.startsWith('/*', at)) throw new ExpressionError('compile', 'unclosed comment', at);
  return at;
}

function readToken(source: string, start: number): Token {
  const first = source[start]!;
  const second = source[start + 1] ?? '';
  const isBytes = (first === 'b' || first === 'B') && (second === '"' || second === "'");
  if (isBytes || first === '"' || first === "'") return readQuoted(source, start, isBytes);
  if (first === '`') return readRaw(source, start);
  if (/[0-9]/.test(first) || (first === '.' && /[0-9]/.test(second))) return readNumber(source, start);
  if ('()[]{}'.includes(first)) return { kind: 'bracket', text: first, start, end: start + 1 };
  const word = match(name, source, start);
  if (word !== undefined) {
    return { kind: words.has(word) ? 'operator' : 'name', text: word, start, end: start + word.length };
  }
  const sign = match(operator, source, start);
  if (sign !== undefined) return { kind: 'operator', text: sign, start, end: start + sign.length };
  throw new ExpressionError('compile', `unrecognized character ${JSON.stringify(first)}`, start);
}

function readQuoted(source: string, start: number, isBytes: boolean): Token {
  const text = match(quoted, source, start);
  if (text === undefined) throw new ExpressionError('compile', 'text without closing quote', start);
  const end = start + text.length;
  if (isBytes) return { kind: 'bytes', text, bytes: decodeBytes(text.slice(1), start + 1), start, end };
  return { kind: 'text', text: decodeText(text, start), start, end };
}

function readRaw(source: string, start: number): Token {
  const text = match(raw, source, start);
  if (text === undefined) throw new ExpressionError('compile', 'text without closing backtick', start);
  return { kind: 'text', text: text.slice(1, -1).replaceAll('``', '`'), start, end: start + text.length };
}

function readNumber(source: string, start: number): Token {
  const text = match(number, source, start)!;
  const end = start + text.length;
  if (match(name, source, end) !== undefined || /\p{Nd}/u.test(source[end] ?? '')) {
    throw new ExpressionError('compile', 'a number is followed by letters', start);
  }
  return { kind: 'number', text, start, end };
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
