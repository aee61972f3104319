/** Columns that a text of one line takes on a terminal; colours take none, wide characters and emoji two. */
export function widthOf(text: string): number {
  return partsOf(text).reduce((width, part) => width + columnsOf(part), 0);
}

/** The text as far as it fits into so many columns, its end marked with `…` when it is cut; colours are ended. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let width = 0;
  let kept = '';
  let coloured = false;
  for (const part of partsOf(text)) {
    if (width + columnsOf(part) > columns - 1) break;
    width += columnsOf(part);
    coloured ||= part.startsWith('\u001b');
    kept += part;
  }
  return `${kept}${columns > 0 ? '…' : ''}${coloured ? '\u001b[0m' : ''}`;
}

/** A text of somebody else's as a terminal may show it: one that cannot move the cursor, or colour what follows. */
export function plainText(text: string): string {
  const harmless = text.replaceAll('\r\n', '\n').replaceAll('\t', '  ');
  return harmless
    .replaceAll(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '?');
}

/** Characters as people see them, and colour codes. */
function partsOf(text: string): string[] {
  return text.split(/(\u001b\[[0-9;]*m)/).flatMap((part, index) => {
    if (index % 2) return [part];
    return /^[\u0020-\u007e]*$/.test(part)
      ? part.split('')
      : Array.from(graphemes.segment(part), ({ segment }) => segment);
  });
}

const graphemes = new Intl.Segmenter();

function columnsOf(part: string): number {
  if (part.startsWith('\u001b') || /^[\p{Mark}\u200b-\u200f\u2060]*$/u.test(part)) return 0;
  return wide.test(part) || part.includes('\ufe0f') ? 2 : 1;
}

/** East Asian wide and full-width characters, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
