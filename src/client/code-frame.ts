/** A position in a text, 1-based; columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * The line of a position with a `^` under it and a line of context around, numbered; empty when the text is shorter.
 * Tabs become blanks, wide characters count as two columns, long lines are cut around the position.
 */
export function drawCodeFrame(text: string, { line, column }: Position): string {
  const lines = text.split(/\r\n|\r|\n/);
  if (line > lines.length) return '';
  const first = Math.max(1, line - 1);
  const last = Math.min(lines.length, line + 1);
  const digits = String(last).length;
  const drawn: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const source = lines[number - 1]!;
    const start = Math.max(0, column - 1 - maximumWidth / 2);
    const label = String(number).padStart(digits);
    drawn.push(
      `${number === line ? '>' : ' '} ${label} | ${show(source.slice(start, start + maximumWidth))}`.trimEnd(),
    );
    if (number === line) {
      const before = show(source.slice(start, column - 1));
      drawn.push(`  ${' '.repeat(digits)} | ${' '.repeat(widthOf(before))}^`);
    }
  }
  return drawn.join('\n');
}

const maximumWidth = 100;

/** What a terminal may show of a text: no control characters. */
function show(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll('\t', '  ').replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

function widthOf(text: string): number {
  return Array.from(text).reduce((width, character) => width + (isWide(character) ? 2 : 1), 0);
}

/** East Asian wide and full-width characters, and emoji. */
function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
    character,
  );
}
