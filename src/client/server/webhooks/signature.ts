import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Delivery } from './host.ts';

/** Says whether two texts are the same, in a time that does not tell where they differ. */
export function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

/** Says whether a header holds the HMAC-SHA256 of the body in hex, after `prefix`. */
export function isSigned(
  { headers, body }: Delivery,
  header: string,
  secret: string,
  prefix = 'sha256=',
): boolean {
  const sent = headers[header];
  if (typeof sent !== 'string') return false;
  return isSameText(sent.toLowerCase(), prefix + createHmac('sha256', secret).update(body).digest('hex'));
}

/**
 * Says whether a delivery is signed as Standard Webhooks have it, within 5 minutes of `now`. The secret is `whsec_` and
 * the key in base64; a header may hold several signatures.
 */
export function isSignedInTime({ headers, body }: Delivery, secret: string, now: number): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': sent } = headers;
  if (typeof id !== 'string' || typeof at !== 'string' || typeof sent !== 'string') return false;
  if (!/^\d{1,12}$/.test(at) || Math.abs(now / 1000 - Number(at)) > replayWindow) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest('base64');
  return sent.split(' ').some((signature) => isSameText(signature, `v1,${wanted}`));
}

/** Of one length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Seconds. */
const replayWindow = 300;
