import { textOfUnits } from '../utf8.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const codes = Uint8Array.from(Array.from(alphabet, (sign) => sign.charCodeAt(0)));
const values = new Uint8Array(128);
for (const [value, code] of codes.entries()) values[code] = value;

/** Bytes in the standard alphabet, padded. */
export function encodeBase64(bytes: Uint8Array): string {
  const signs = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let at = 0, to = 0; at < bytes.length; at += 3) {
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) signs[to++] = codes[(bits >> shift) & 63]!;
  }
  const padding = (3 - (bytes.length % 3)) % 3;
  return textOfUnits(signs).slice(0, signs.length - padding) + '='.repeat(padding);
}

/** The bytes of a text in the standard alphabet; line breaks are skipped, anything else undefined. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const signs = text.replace(/[\r\n]/g, '');
  if (signs.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(signs)) return undefined;
  const bytes = new Uint8Array((signs.length / 4) * 3);
  for (let at = 0, to = 0; at < signs.length; at += 4) {
    let bits = 0;
    for (let sign = 0; sign < 4; sign++) bits = (bits << 6) | values[signs.charCodeAt(at + sign)]!;
    bytes[to++] = bits >> 16;
    bytes[to++] = bits >> 8;
    bytes[to++] = bits;
  }
  return bytes.subarray(0, bytes.length - (signs.length - signs.replace(/=+$/, '').length));
}
