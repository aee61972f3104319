/** A step of a key into a JSON document. */
export type JsonKeyPart =
  | {
      readonly name: string;
      /** A `:` before it says that it is a key, never a place in a list. */
      readonly isKey: boolean;
    }
  | { readonly query: JsonQuery };

/** `#(name=="app")`: the items of a list whose member is this; the first one, or all. */
export interface JsonQuery {
  readonly member: string;
  readonly isEqual: boolean;
  readonly value: unknown;
  readonly all: boolean;
}

/**
 * The parts of a key of json-update: `.` goes one level down, `\` makes the sign behind it an ordinary one, a leading `:`
 * says "key", `#(name=="app")` finds items. Throws an Error for a key that cannot be meant.
 */
export function splitJsonKey(key: string): readonly JsonKeyPart[] {
  const parts: JsonKeyPart[] = [];
  let rest = key;
  for (;;) {
    const query = /^#\(\s*([\w-]+)\s*(==|!=)\s*("(?:[^"\\]|\\.)*"|[^\s")]+)\s*\)(#?)(?=\.|$)/.exec(rest);
    const [text] = query ?? /^(?:\\[^]|[^.\\])*/.exec(rest)!;
    parts.push(query ? { query: readQuery(key, query) } : readName(key, text));
    rest = rest.slice(text.length);
    if (rest === '') return parts;
    if (rest === '\\') throw new Error(`key "${key}" ends in a backslash: write \\\\ for one`);
    rest = rest.slice(1);
  }
}

function readName(key: string, text: string): JsonKeyPart {
  const isKey = text.startsWith(':') && text.length > 1;
  const name = text.slice(isKey ? 1 : 0).replace(/\\([^])/g, '$1');
  if (name === '')
    throw new Error(`key "${key}": a part is empty: a dot that belongs to a name is written \\.`);
  return { name, isKey };
}

function readQuery(key: string, [, member = '', operator, literal = '', all]: RegExpExecArray): JsonQuery {
  try {
    return { member, isEqual: operator === '==', value: JSON.parse(literal) as unknown, all: all === '#' };
  } catch (error) {
    throw new Error(`key "${key}": ${literal} is neither a text in quotes nor a number`, { cause: error });
  }
}
