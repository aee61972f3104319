import { formatDuration } from '../duration.ts';

/** Why a promotion ends before its steps do. */
export type Stop =
  | { readonly kind: 'abort'; readonly actor?: string; readonly reason?: string }
  | { readonly kind: 'timeout'; readonly after: number };

/** Message of a promotion that was stopped. */
export function explainStop(stop: Stop): string {
  if (stop.kind === 'timeout') return `Promotion timed out after ${formatDuration(stop.after)}`;
  const text = `Promotion terminated by ${stop.actor ?? 'an unknown actor'}`;
  return stop.reason ? `${text}: ${stop.reason}` : text;
}
