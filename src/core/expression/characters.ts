const space =
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';

/** The text without white space, or without those characters, at both ends. */
export function trimCharacters(text: string, characters = space): string {
  const cut = new Set(characters);
  let [from, to] = [0, text.length];
  for (let sign = first(text, from); from < to && cut.has(sign); sign = first(text, from))
    from += sign.length;
  for (let sign = last(text, to); from < to && cut.has(sign); sign = last(text, to)) to -= sign.length;
  return text.slice(from, to);
}

/** Capital letters, one for one: a letter whose capital needs several stays. */
export function upperCase(text: string): string {
  return mapPieces(text, withoutCapital, (piece) => piece.toUpperCase(), capitalOf);
}

/** Small letters, one for one. */
export function lowerCase(text: string): string {
  // The Turkish dotted capital is the only letter whose small one has two characters; a sigma is small in one way only.
  return mapPieces(
    text,
    /([\u0130\u03a3])/,
    (piece) => piece.toLowerCase(),
    (letter) => (letter === '\u0130' ? 'i' : '\u03c3'),
  );
}

/** Letters that full capitals would be several characters for. */
const withoutCapital =
  /([\u00df\u0149\u01f0\u0390\u03b0\u0587\u1e96-\u1e9a\u1f50-\u1f57\u1f80-\u1faf\u1fb2-\u1fff\ufb00-\ufb17])/;

/** Greek letters with an iota below have capitals with an iota beside; the others have none, or one of one character. */
function capitalOf(letter: string): string {
  const code = letter.charCodeAt(0);
  const hasSmallIota = code >= 0x1f80 && code <= 0x1faf && (code & 8) === 0;
  if (hasSmallIota) return String.fromCharCode(code + 8);
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return String.fromCharCode(code + 9);
  const capital = letter.toUpperCase();
  return capital.length === 1 ? capital : letter;
}

/** The character that begins there. */
function first(text: string, at: number): string {
  return (text.codePointAt(at) ?? 0) > 0xffff ? text.slice(at, at + 2) : text.charAt(at);
}

/** The character that ends there. */
function last(text: string, end: number): string {
  return (text.codePointAt(end - 2) ?? 0) > 0xffff ? text.slice(end - 2, end) : text.charAt(end - 1);
}

/** Changes what lies between special letters as a whole, and those one by one. */
function mapPieces(
  text: string,
  special: RegExp,
  change: (piece: string) => string,
  changeSpecial: (letter: string) => string,
): string {
  if (!special.test(text)) return change(text);
  return text
    .split(special)
    .map((piece, index) => (index % 2 ? changeSpecial(piece) : change(piece)))
    .join('');
}
