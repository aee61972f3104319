import { headerOf, type HostAnswer, type HostDialect, type HostRequest } from './host-request.ts';

/** Milliseconds to wait before a request may be made again; undefined when the answer stands, `unknown` when the host names no time. */
export function busyTime(
  answer: HostAnswer,
  { method, isRepeatable = method === 'GET' }: HostRequest,
  { busyFor }: HostDialect,
  now: number,
): number | 'unknown' | undefined {
  const own = busyFor?.(answer);
  if (own !== undefined) return own;
  if (answer.status === 429) return namedTime(answer, now) ?? 'unknown';
  // Anything else than a refusal may have been carried out all the same.
  if (answer.status >= 500 && isRepeatable) return namedTime(answer, now) ?? 'unknown';
  return undefined;
}

/** Milliseconds that an answer names: `Retry-After`, or the time at which a limit is set back. */
export function namedTime(answer: HostAnswer, now: number): number | undefined {
  const after = headerOf(answer, 'retry-after');
  if (after !== undefined && /^\d+(\.\d+)?$/.test(after.trim())) return Number(after) * 1000;
  const date = after === undefined ? Number.NaN : Date.parse(after);
  if (!Number.isNaN(date)) return Math.max(date - now, 0);
  if (answer.status !== 429 && headerOf(answer, 'x-ratelimit-remaining') !== '0') return undefined;
  const reset = headerOf(answer, 'x-ratelimit-reset') ?? headerOf(answer, 'ratelimit-reset');
  if (reset === undefined || !/^\d+$/.test(reset)) return undefined;
  // Some name an instant in seconds, some the seconds that are left.
  const seconds = Number(reset);
  return Math.max(seconds > 1e9 ? seconds * 1000 - now : seconds * 1000, 0);
}

/** Says whether a request certainly did not reach the host, and may next time. */
export function isUnsent(error: unknown): boolean {
  return unsent.has(codeOf(error));
}

/** Says whether a connection may come about, or hold, next time. */
export function isPassing(error: unknown): boolean {
  return isUnsent(error) || broken.has(codeOf(error));
}

function codeOf(error: unknown): string {
  const { cause } = error as Error;
  return String((cause as NodeJS.ErrnoException | undefined)?.code);
}

const unsent: ReadonlySet<string> = new Set(['EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);

const broken: ReadonlySet<string> = new Set([
  'ECONNABORTED',
  'ECONNRESET',
  'EPIPE',
  'ERR_READING_RESPONSE_STREAM',
  'ETIMEDOUT',
]);
