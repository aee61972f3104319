const short: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** A text as Go writes it in source code: in quotes, everything that cannot be printed escaped. */
export function quoteText(text: string): string {
  const quoted = text.replace(
    /["\\]|[^\x20-\x7e]/gu,
    (character) => short[character] ?? (isPrintable(character) ? character : escape(character)),
  );
  return `"${quoted}"`;
}

/** Letters, marks, numbers, punctuation, symbols, and the ordinary space. */
function isPrintable(character: string): boolean {
  return character === ' ' || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character);
}

function escape(character: string): string {
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
