/** Replaces the text from one offset to another. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text with all splices done; offsets are those of the text given, places may not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const sorted = splices.map((splice, index) => ({ ...splice, index }));
  // From the last to the first, so that offsets stay true; splices at one place keep their order.
  sorted.sort((a, b) => b.from - a.from || b.to - a.to || b.index - a.index);
  let result = text;
  for (const { from, to, text: inserted } of sorted) {
    result = result.slice(0, from) + inserted + result.slice(to);
  }
  return result;
}

/** The line break a text uses: that of its first line. */
export function lineBreakOf(text: string): string {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** Adds lines below the line an offset is on, with the line breaks of the text. `lines` has `\n` between them. */
export function insertLine(text: string, offset: number, lines: string): Splice {
  const lineBreak = lineBreakOf(text);
  const at = lineEnd(text, offset);
  const inserted = lines.replaceAll('\n', lineBreak);
  const isOpen = at > 0 && text[at - 1] !== '\n';
  return { from: at, to: at, text: isOpen ? lineBreak + inserted : inserted + lineBreak };
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line of an offset ends, behind its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}
