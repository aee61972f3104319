import type { Place } from '../core/problem.ts';

/** Part of a line of a text, 1-based; columns and length in UTF-16 units. */
export type Position = Required<Pick<Place, 'line' | 'column'>> & Pick<Place, 'length'>;

/**
 * The line of a position with `^^^^` under what is at fault and two lines of context around, numbered; empty when the
 * text is shorter. Tabs become blanks, wide characters count as two columns, long lines are cut around the position.
 */
export function drawCodeFrame(text: string, { line, column, length = 1 }: Position): string {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (line > lines.length) return '';
  // The line break at the end of a file begins no line.
  if (line < lines.length && lines.at(-1) === '') lines.pop();
  const first = Math.max(1, line - context);
  const last = Math.min(lines.length, line + context);
  const digits = String(last).length;
  const start = Math.max(0, column - 1 - maximumWidth / 2);
  const cut = (source: string): string => source.slice(start, start + maximumWidth);
  return lines
    .slice(first - 1, last)
    .flatMap((source, index) => {
      const number = first + index;
      const label = `${number === line ? '>' : ' '} ${String(number).padStart(digits)} | `;
      const drawn = `${label}${show(cut(source))}`.trimEnd();
      if (number !== line) return [drawn];
      const before = widthOf(show(source.slice(start, column - 1)));
      const marked = widthOf(show(cut(source).slice(column - 1 - start, column - 1 - start + length)));
      return [drawn, `  ${' '.repeat(digits)} | ${' '.repeat(before)}${'^'.repeat(Math.max(1, marked))}`];
    })
    .join('\n');
}

const context = 2;
const maximumWidth = 100;

/** What a terminal may show of a text: no control characters, nothing that turns the direction of writing. */
function show(text: string): string {
  return text.replaceAll('\t', '  ').replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '?');
}

function widthOf(text: string): number {
  return Array.from(text).reduce((width, character) => width + columnsOf(character), 0);
}

/** Combining marks and joiners take no column; East Asian wide and full-width characters and emoji take two. */
function columnsOf(character: string): number {
  if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0;
  const isWide =
    /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
  return isWide.test(character) ? 2 : 1;
}
