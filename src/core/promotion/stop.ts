import { formatDuration } from '../duration.ts';
import { isObject } from '../json.ts';

/** Why a promotion ends before its steps do. */
export type Stop =
  | { readonly kind: 'abort'; readonly actor?: string; readonly reason?: string }
  | { readonly kind: 'timeout'; readonly after: number };

/** Who aborts a promotion, and why. */
export interface AbortCall {
  readonly actor: string;
  readonly reason?: string;
}

/** What is wrong with the argument of update `abort`, in one line; undefined when nothing is. */
export function checkAbort(call: unknown): string | undefined {
  if (!isObject(call)) return `abort needs one object: ${abortExample}`;
  for (const key of Object.keys(call)) {
    if (key !== 'actor' && key !== 'reason')
      return `abort has no field "${key.slice(0, 100)}": ${abortExample}`;
  }
  const { actor, reason } = call;
  if (typeof actor !== 'string' || actor.trim() === '')
    return `abort needs to know who asks: ${abortExample}`;
  if (actor.length > 250) return 'abort: actor is longer than 250 characters';
  if (reason === undefined || reason === null) return undefined;
  if (typeof reason !== 'string') return `abort: reason must be a text: ${abortExample}`;
  return reason.length > 2000 ? 'abort: reason is longer than 2000 characters' : undefined;
}

/** Message of a promotion that was stopped. */
export function explainStop(stop: Stop): string {
  if (stop.kind === 'timeout') return `Promotion timed out after ${formatDuration(stop.after)}`;
  const text = `Promotion terminated by ${stop.actor ?? 'an unknown actor'}`;
  return stop.reason ? `${text}: ${stop.reason}` : text;
}

const abortExample = '{"actor": "alice", "reason": "wrong version"}';
