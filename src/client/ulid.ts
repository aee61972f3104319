import { randomBytes } from 'node:crypto';

/** A new ULID in lower case, as in names of Kubernetes objects: sorts by time, 26 letters and digits. */
export function createUlid(now = Date.now(), random: Uint8Array = randomBytes(16)): string {
  let time = '';
  for (let rest = now, digit = 0; digit < 10; digit += 1, rest = Math.floor(rest / 32)) {
    time = alphabet[rest % 32]! + time;
  }
  return time + Array.from(random.subarray(0, 16), (byte) => alphabet[byte % 32]).join('');
}

/** Crockford's base 32: no i, l, o, u. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
