/**
 * Offset in a YAML text of character `index` of a scalar's value. `from` and `to` bound the scalar in the text, quotes and
 * block header included. Exact for one-line and literal scalars; folded ones are matched by counting what is not blank.
 */
export function offsetInScalar(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
  value: string,
  index: number,
): number {
  const source = text.slice(from, to);
  if (/^[|>]/.test(source)) {
    const body = source.indexOf('\n') + 1;
    const folded = source.startsWith('>');
    return from + body + (folded ? skipVisible : skipLines)(source.slice(body), value, index, source);
  }
  const quote = /^['"]/.exec(source)?.[0];
  if (!source.trimEnd().includes('\n')) return from + (quote ? skipQuoted(source, quote, index) : index);
  return from + (quote ? 1 : 0) + skipVisible(source.slice(quote ? 1 : 0), value, index);
}

/** In a quoted text on one line an escape is wider than what it means. */
function skipQuoted(source: string, quote: string, index: number): number {
  let offset = 1;
  for (let passed = 0; passed < index && offset < source.length - 1; passed++) {
    // What lies beyond 16 bits is two characters of the value.
    if (quote === '"' && /^\\U(?!0000)/.test(source.slice(offset, offset + 6))) passed++;
    offset += widthAt(source, offset, quote);
  }
  return offset;
}

function widthAt(source: string, offset: number, quote: string): number {
  if (quote === "'") return source[offset] === "'" ? 2 : 1;
  if (source[offset] !== '\\') return 1;
  return { x: 4, u: 6, U: 10 }[source[offset + 1] ?? ''] ?? 2;
}

/** A literal block keeps its lines; each loses the indentation of the first. */
function skipLines(body: string, value: string, index: number, source: string): number {
  const before = value.slice(0, index).split('\n');
  const lines = body.split('\n');
  const digit = /^\|[+-]?([1-9])/.exec(source)?.[1];
  const first = lines.find((line) => line.trim()) ?? '';
  const indent = digit === undefined ? first.length - first.trimStart().length : indentOf(lines, value);
  const passed = lines.slice(0, before.length - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const line = lines[before.length - 1] ?? '';
  return passed + Math.min(indent, line.trimEnd().length) + before.at(-1)!.length;
}

/** With the indentation told in the header, the value shows how much of the first line is left. */
function indentOf(lines: readonly string[], value: string): number {
  const first = lines.findIndex((line) => line.trim());
  return (lines[first]?.replace(/\r$/, '').length ?? 0) - (value.split('\n')[first]?.length ?? 0);
}

/** Folding moves blanks and line breaks only: the same number of visible characters leads to the same place. */
function skipVisible(source: string, value: string, index: number): number {
  let left = value.slice(0, index).replace(/\s/g, '').length;
  let offset = 0;
  for (; offset < source.length; offset++) {
    if (/\s/.test(source[offset]!)) continue;
    if (left-- === 0) break;
  }
  return offset;
}
