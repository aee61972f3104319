/**
 * SHA-1 of a text in UTF-8, as 40 hexadecimal digits. Names things as Kargo does; protects nothing. `core` runs inside
 * workflows, where Node's own is out of reach.
 */
export function sha1(text: string): string {
  const message = pad(new TextEncoder().encode(text));
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const words = new Uint32Array(80);
  for (let offset = 0; offset < message.byteLength; offset += 64) {
    for (let i = 0; i < 16; i++) words[i] = message.getUint32(offset + i * 4);
    for (let i = 16; i < 80; i++)
      words[i] = rotate(words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!, 1);
    mix(state, words);
  }
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
}

function pad(bytes: Uint8Array): DataView {
  const padded = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64));
  new Uint8Array(padded.buffer).set(bytes);
  padded.setUint8(bytes.length, 0x80);
  padded.setBigUint64(padded.byteLength - 8, BigInt(bytes.length) * 8n);
  return padded;
}

function mix(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d, e] = [...state] as [number, number, number, number, number];
  for (let i = 0; i < 80; i++) {
    const sum = rotate(a, 5) + choose(i, b, c, d) + e + constants[Math.floor(i / 20)]! + words[i]!;
    [a, b, c, d, e] = [sum >>> 0, a, rotate(b, 30), c, d];
  }
  [a, b, c, d, e].forEach((value, index) => (state[index] = state[index]! + value));
}

function choose(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) >>> 0;
  if (round >= 40 && round < 60) return ((b & c) | (b & d) | (c & d)) >>> 0;
  return (b ^ c ^ d) >>> 0;
}

function rotate(value: number, bits: number): number {
  return ((value << bits) | (value >>> (32 - bits))) >>> 0;
}

const constants = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];
