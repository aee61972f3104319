import { fitsSegment, parseSegment } from '../glob/segment.ts';
import { type JsonQuery, readQuery } from './json-query.ts';

/** A step of a key into a JSON document. */
export type JsonKeyPart = JsonName | { readonly query: JsonQuery };

export interface JsonName {
  readonly name: string;
  /** A `:` before it says that it is a key, never a place in a list. */
  readonly isKey: boolean;
  /** It has `*`, `?` or `|` in it, or is `#`: says which members it may mean that are not called so. Nothing is made of it. */
  readonly fits?: (member: string) => boolean;
}

/**
 * The parts of a key of json-update: `.` goes one level down, `\` makes the sign behind it an ordinary one, a leading `:`
 * says "key", `#(name=="app")` finds items, `#` means all of them, `*` and `?` stand for other signs. Throws an Error for a
 * key that cannot be meant.
 */
export function splitJsonKey(key: string): readonly JsonKeyPart[] {
  const parts: JsonKeyPart[] = [];
  let rest = key;
  for (;;) {
    const query = readQuery(key, rest);
    const text = query?.text ?? /^(?:\\[^]|[^.\\])*/.exec(rest)![0];
    parts.push(query ?? readName(key, text));
    rest = rest.slice(text.length);
    if (rest === '') return parts;
    if (rest === '\\') throw new Error(`key "${key}" ends in a backslash: write \\\\ for one`);
    rest = rest.slice(1);
  }
}

function readName(key: string, text: string): JsonName {
  const isKey = text.startsWith(':') && text.length > 1;
  const written = text.slice(isKey ? 1 : 0);
  const name = written.replace(/\\([^])/g, '$1');
  if (name === '')
    throw new Error(`key "${key}": a part is empty: a dot that belongs to a name is written \\.`);
  const isOpen = written === '#' || /[*?|]/.test(written.replace(/\\[^]/g, ''));
  return { name, isKey, ...(isOpen && { fits: readPattern(written) }) };
}

/** `*` is any text, `?` any sign. */
function readPattern(written: string): (member: string) => boolean {
  // Brackets mean nothing here.
  const segment = parseSegment(written.replace(/\\[^]|\[/g, (token) => (token === '[' ? '\\[' : token)));
  return (member) => segment !== undefined && fitsSegment(segment, member);
}
