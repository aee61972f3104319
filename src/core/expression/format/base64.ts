const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes in the standard alphabet, padded. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const signs = [18, 12, 6, 0].map((shift) => alphabet[(bits >> shift) & 63]!).join('');
    text += signs.slice(0, bytes.length - at + 1).padEnd(4, '=');
  }
  return text;
}

/** The bytes of a text in the standard alphabet; line breaks are skipped, anything else undefined. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const signs = text.replace(/[\r\n]/g, '');
  if (signs.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(signs)) return undefined;
  const bytes: number[] = [];
  for (let at = 0; at < signs.length; at += 4) {
    const group = signs.slice(at, at + 4).replace(/=+$/, '');
    const bits = Array.from(group.padEnd(4, 'A')).reduce(
      (sum, sign) => (sum << 6) | alphabet.indexOf(sign),
      0,
    );
    bytes.push(...[bits >> 16, (bits >> 8) & 255, bits & 255].slice(0, group.length - 1));
  }
  return Uint8Array.from(bytes);
}
