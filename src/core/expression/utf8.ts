/** The bytes of a text. A byte that stood for no character (see `decodeUtf8`) is itself again; other halves of pairs become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    let code = text.codePointAt(index)!;
    if (code > 0xffff) index++;
    // A byte that stood for no character goes on as its negative.
    if (code >= 0xd800 && code <= 0xdfff) code = code >= 0xdc80 && code <= 0xdcff ? -(code - 0xdc00) : 0xfffd;
    if (code < 0x80) {
      bytes[at++] = Math.abs(code);
      continue;
    }
    if (code < 0x800) bytes[at++] = 0xc0 | (code >> 6);
    else if (code < 0x10000) bytes[at++] = 0xe0 | (code >> 12);
    else bytes[at++] = 0xf0 | (code >> 18);
    if (code >= 0x10000) bytes[at++] = 0x80 | ((code >> 12) & 63);
    if (code >= 0x800) bytes[at++] = 0x80 | ((code >> 6) & 63);
    bytes[at++] = 0x80 | (code & 63);
  }
  return bytes.subarray(0, at);
}

/** The text of bytes. A byte that belongs to no character becomes U+DC00 plus the byte, so that halves can meet again. */
export function decodeUtf8(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    if (bytes[at]! < 0x80) {
      units[length++] = bytes[at++]!;
      continue;
    }
    const [code, size] = characterAt(bytes, at);
    if (code > 0xffff) units[length++] = 0xd7c0 + (code >> 10);
    units[length++] = code > 0xffff ? 0xdc00 | (code & 0x3ff) : code;
    at += size;
  }
  return textOfUnits(units.subarray(0, length));
}

/** The text of UTF-16 units. */
export function textOfUnits(units: Uint16Array | Uint8Array): string {
  let text = '';
  // More arguments at once would need too much stack.
  for (let at = 0; at < units.length; at += 8192)
    text += String.fromCharCode(...units.subarray(at, at + 8192));
  return text;
}

/** Two texts as one; halves of a character at the seam become whole. */
export function joinTexts(left: string, right: string): string {
  // The right one first: a text that grows at its end is dear to look into.
  const isSeam = isByte(right.charCodeAt(0)) && isByte(left.charCodeAt(left.length - 1)) && !isPair(left);
  return isSeam ? decodeUtf8(encodeUtf8(left + right)) : left + right;
}

/** Number of UTF-8 bytes of a text. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : encodeUtf8(text).length;
}

/** Part of a text, counted in bytes. */
export function sliceBytes(text: string, from: number, to: number): string {
  return isAscii(text) ? text.slice(from, to) : decodeUtf8(encodeUtf8(text).subarray(from, to));
}

/** Order of the UTF-8 bytes, which above U+FFFF is not that of UTF-16 units. */
export function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  // Only halves of pairs come out of order, and the engine compares many times as fast.
  if (!hasPairs(one) && !hasPairs(other)) return one < other ? -1 : 1;
  let at = 0;
  while (at < one.length && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  const [left, right] = [rank(one.charCodeAt(at)), rank(other.charCodeAt(at))];
  return left < right ? -1 : 1;
}

/** Texts in the order of their UTF-8 bytes. Sorts in place. */
export function sortTexts(texts: string[]): string[] {
  // Without halves of pairs the order of UTF-16 units is the same, and the engine is fast at it.
  return texts.some(hasPairs) ? texts.sort(compareTexts) : texts.sort();
}

/** Unicode characters of a text; a surrogate pair is one. */
export function countCharacters(text: string): number {
  if (isAscii(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function hasPairs(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}

/** Whether a unit stands for a byte that belongs to no character. */
function isByte(unit: number): boolean {
  return unit >= 0xdc80 && unit <= 0xdcff;
}

function isPair(text: string): boolean {
  return (text.codePointAt(text.length - 2) ?? 0) > 0xffff;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

/** Surrogates stand for characters above all others; the end of the text (NaN) comes first. */
function rank(unit: number): number {
  if (Number.isNaN(unit)) return -1;
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function characterAt(bytes: Uint8Array, at: number): readonly [number, number] {
  const first = bytes[at]!;
  if (first < 0x80) return [first, 1];
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (size === 0 || first > 0xf4) return [0xdc00 + first, 1];
  let code = first & (0xff >> (size + 1));
  for (let next = 1; next < size; next++) {
    const byte = bytes[at + next];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return [0xdc00 + first, 1];
    code = (code << 6) | (byte & 63);
  }
  const smallest = [0, 0, 0x80, 0x800, 0x10000][size]!;
  const valid = code >= smallest && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? [code, size] : [0xdc00 + first, 1];
}
