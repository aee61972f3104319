import { Buffer } from 'node:buffer';
import { spell, spellBase64 } from './spelling.ts';

/** Values under this length are left alone: they would be found everywhere. UTF-16 units. */
export const shortestSecret = 6;

/** A text to look for, and how its characters may be written. */
export interface SecretForm {
  readonly text: string;
  /** Where the longest run of letters and digits begins, which nobody writes differently, and its length. */
  readonly anchor: readonly [start: number, length: number];
  readonly spell: (text: string) => string;
  /** Source of an expression for what may follow. */
  readonly end: string;
}

/**
 * What to look for when a text is a secret: all of it, each of its lines, and pieces of what is very long. Blanks around
 * them do not count.
 */
export function partsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const whole = secret.trim();
  const parts = [...(isComparable(whole) ? [whole] : []), ...lines.flatMap(piecesOf)];
  return [...new Set(parts)].filter((part) => part.length >= shortestSecret);
}

/** The part as it is, and its base64 at each of the three places that a value can have in a longer text. */
export function formsOf(part: string): readonly SecretForm[] {
  const bytes = Buffer.from(part);
  return [createForm(part, spell), ...[0, 1, 2].map((offset) => base64Form(bytes, offset))];
}

function piecesOf(line: string): readonly string[] {
  if (isComparable(line)) return [line];
  const count = Math.ceil(line.length / pieceLength);
  // The last one overlaps the one before, lest its rest be too short to be found.
  return Array.from({ length: count }, (_, index) =>
    index === count - 1
      ? line.slice(-pieceLength)
      : line.slice(index * pieceLength, (index + 1) * pieceLength),
  );
}

/** What can be written in many ways makes an expression too large to be compiled. */
function isComparable(text: string): boolean {
  return text.length <= longestPart && (text.match(/[^A-Za-z0-9]/g) ?? []).length <= mostSymbols;
}

/** Of the characters at the borders a part belongs to the neighbours, so they vary. */
function base64Form(part: Buffer, offset: number): SecretForm {
  const text = Buffer.concat([Buffer.alloc(offset), part])
    .toString('base64')
    .replace(/=+$/, '');
  const start = Math.ceil((offset * 8) / 6);
  const end = Math.floor(((offset + part.length) * 8) / 6);
  // A value that stands alone ends with a character that tells less, and padding.
  const rest = offset === 0 ? spellBase64(text.slice(end)) : '';
  return createForm(text.slice(start, end), spellBase64, rest && `(?:${rest}(?:=|%3[dD]){0,2})?`);
}

function createForm(text: string, spellForm: SecretForm['spell'], end = ''): SecretForm {
  let anchor: SecretForm['anchor'] = [0, 0];
  for (const { index, 0: run } of text.matchAll(/[A-Za-z0-9]+/g))
    if (run.length > anchor[1]) anchor = [index, run.length];
  return { text, anchor, spell: spellForm, end };
}

/** UTF-16 units. */
const longestPart = 4096;
const pieceLength = 256;
const mostSymbols = 512;
