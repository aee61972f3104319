import { looksLikeOther } from './resolve.ts';

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

/** A text as YAML: plain where it reads back as the same text, else quoted, several lines as a block. */
export function formatScalar(text: string, indent: number, isKey: boolean): string {
  const isSpecial =
    /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\ud800-\udfff]|\u2028|\u2029/.test(text);
  const spaceBeforeBreak = / \n/.test(text);
  if (text.includes('\n') && !isKey && !isSpecial && !spaceBeforeBreak && !text.endsWith(' '))
    return formatBlock(text, indent);
  if (text === '' || text.includes('\n') || isSpecial || looksLikeOther(text)) return quoteDouble(text);
  return needsQuotes(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

/** A block of lines; what a reader could not tell from the text itself is said in its head. */
function formatBlock(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '4' : '';
  const ending = !text.endsWith('\n') ? '-' : /^\n$|\n\n$/.test(text) ? '+' : '';
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${hint}${ending}\n${lines.map((line) => (line ? ' '.repeat(indent) + line : '')).join('\n')}`;
}

/** Whether signs of YAML's own stand where they would be taken for such. */
function needsQuotes(text: string): boolean {
  if (/^(?:---|\.\.\.)/.test(text) || /^ | $/.test(text)) return true;
  return /^[#,[\]{}&*!|>'"%@`]|^[-?:](?:\s|$)|:(?:\s|$)|\s#/.test(text);
}

function quoteDouble(text: string): string {
  // The emitter takes a byte order mark at the start for one at every place.
  const all = text.startsWith('\ufeff');
  let quoted = '"';
  for (const sign of text) {
    const isPlain =
      !all &&
      /[\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(sign) &&
      sign.length === 1;
    quoted += escapes[sign] ?? (isPlain ? sign : escape(sign));
  }
  return `${quoted}"`;
}

function escape(sign: string): string {
  const code = sign.codePointAt(0)!;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
