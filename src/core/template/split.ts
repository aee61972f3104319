import { ExpressionError, moved } from '../expression/errors.ts';
import { parseExpression } from '../expression/expression.ts';
import { decodeText } from '../expression/escapes.ts';

/** A piece of a template: text as it is, or an expression between delimiters. */
export type Segment = string | ExpressionSegment;

export interface ExpressionSegment {
  readonly expression: string;
  /** Where the expression begins in the template, behind its opener. */
  readonly start: number;
  /** Templates inside its texts: the expression knows what they come to by these names. */
  readonly nested: ReadonlyMap<string, string>;
}

const openers = /\$\{\{|\$\{%/g;
const closers: Readonly<Record<string, string>> = { '${{': '}}', '${%': '%}' };

/** Whether a text holds an expression at all. */
export function hasExpression(text: string): boolean {
  return text.includes('${{') || text.includes('${%');
}

/**
 * Cuts a template into pieces. An expression ends at the first closer of its kind, wherever that stands; only
 * where it cannot be read so, texts in it and openers inside them are respected. An empty expression ends it
 * all: what follows stays as it is. Throws an ExpressionError of stage `template` for an opener without closer.
 */
export function splitTemplate(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (;;) {
    openers.lastIndex = at;
    const opener = openers.exec(text);
    segments.push(text.slice(at, opener?.index));
    if (!opener) return segments;
    const start = opener.index + opener[0].length;
    const { segment, end } = readExpression(text, opener[0], start);
    if (segment.expression === '') return [...segments, text.slice(end)];
    segments.push(segment);
    at = end;
  }
}

function readExpression(text: string, opener: string, start: number) {
  const closer = closers[opener]!;
  const end = text.indexOf(closer, start);
  if (end < 0) throw new ExpressionError('template', `${opener} without ${closer}`, start - opener.length);
  const plain = { expression: text.slice(start, end), start, nested: new Map<string, string>() };
  if (plain.expression === '' || isReadable(plain.expression))
    return { segment: plain, end: end + closer.length };
  return readCarefully(text, closer, start) ?? { segment: plain, end: end + closer.length };
}

function isReadable(expression: string): boolean {
  try {
    parseExpression(expression);
    return true;
  } catch {
    return false;
  }
}

/** Closers that may be part of an expression: two maps end like one. */
const maximumClosers = 8;

/** Looks for the first closer outside of texts that ends a readable expression; texts that hold templates become sums of their pieces. */
function readCarefully(text: string, closer: string, start: number) {
  const nested = new Map<string, string>();
  let expression = '';
  let closersPassed = 0;
  for (let at = start; at < text.length;) {
    if (text.startsWith(closer, at)) {
      if (isReadable(expression)) return { segment: { expression, start, nested }, end: at + closer.length };
      // Without a template inside it, the expression is Kargo's business: there it ends here.
      if (nested.size === 0 || ++closersPassed > maximumClosers) return undefined;
    }
    const sign = text[at]!;
    const end = sign === '"' || sign === "'" ? endOfText(text, at) : at + 1;
    if (end === undefined) return undefined;
    const piece = text.slice(at, end);
    expression += end > at + 1 && hasExpression(piece) ? hoist(piece, at, nested) : piece;
    at = end;
  }
  return undefined;
}

/** Where a text in quotes ends; quotes inside a template in it do not count. */
function endOfText(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    const opener = text.slice(at, at + 3);
    if (Object.hasOwn(closers, opener)) {
      const end = text.indexOf(closers[opener]!, at);
      if (end < 0) return undefined;
      at = end + 1;
    } else if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  return undefined;
}

/** `"a ${{ b }} c"` becomes a name; what it stands for is a template of its own. */
function hoist(literal: string, offset: number, nested: Map<string, string>): string {
  const name = `$text${nested.size}`;
  const quote = literal[0]!;
  const body = literal.slice(1, -1);
  const parts = body.split(/(\$\{\{[^]*?\}\}|\$\{%[^]*?%\})/);
  try {
    nested.set(
      name,
      parts.map((part, index) => (index % 2 ? part : decodeText(quote + part + quote, 0))).join(''),
    );
  } catch (error) {
    throw error instanceof ExpressionError ? moved(error, offset) : error;
  }
  return name.padEnd(literal.length);
}
