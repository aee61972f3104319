import { Buffer } from 'node:buffer';

/**
 * Source of an expression that finds a text however it was written down: as it is, in a URL or form, in JSON (also JSON
 * within JSON), in HTML or XML, in quotes of a shell, or in any mixture of these.
 */
export function spell(text: string): string {
  return text.replace(/\r?\n|\\+|[^A-Za-z0-9]/gu, spellPart);
}

/** The same for base64: in either alphabet, in a URL or not. */
export function spellBase64(text: string): string {
  return text.replaceAll('+', '(?:[+-]|%2[bB])').replaceAll('/', '(?:\\\\?\\/|_|%2[fF])');
}

function spellPart(part: string): string {
  if (part.endsWith('\n'))
    return `(?:\\r?\\n|(?:${escaped('r')})?${escaped('n')}|(?:${percent(13)})?${percent(10)})`;
  // Every level of quoting doubles them; bounded, so that nothing hostile takes long.
  if (part.startsWith('\\')) {
    const { length } = part;
    return `(?:\\\\{${length},${length * 8}}|(?:${percent(92)}){${length}})`;
  }
  // The longest first: of what is quoted no quote should be left over.
  const forms = [...(others[part] ?? []), percentAll(part), unicode(part), literal(part)];
  return `(?:${forms.join('|')})`;
}

/** Further ways to write a character. */
const others: Readonly<Record<string, readonly string[]>> = {
  ' ': ['\\+'],
  '"': [escaped('"'), '&quot;', '&#34;'],
  "'": ["'\\\\''", "''", '&apos;', '&#39;', '&#x27;'],
  '<': ['&lt;'],
  '>': ['&gt;'],
  '&': ['&amp;'],
  '/': [escaped('\\/')],
  '\t': [escaped('t')],
  '\r': [escaped('r')],
  '\b': [escaped('b')],
  '\f': [escaped('f')],
  '=': ['&#x3D;'],
};

function literal(text: string): string {
  return unitsOf(text)
    .map((unit) => `\\u${hex(unit, 4)}`)
    .join('');
}

/** `\u003c`, with as many backslashes as there are levels. */
function unicode(text: string): string {
  return unitsOf(text)
    .map((unit) => escaped(`u${anyCase(hex(unit, 4))}`))
    .join('');
}

function percentAll(text: string): string {
  return [...Buffer.from(text)].map(percent).join('');
}

/** `%3C`, also encoded once or twice more. */
function percent(byte: number): string {
  return `%(?:25){0,2}${anyCase(hex(byte, 2))}`;
}

function escaped(source: string): string {
  return `\\\\{1,7}${source}`;
}

function unitsOf(text: string): readonly number[] {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function anyCase(digits: string): string {
  return digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
