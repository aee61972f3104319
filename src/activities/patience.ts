import type { Retry } from '../core/promotion/plan.ts';

/** Milliseconds to the next attempt after `consecutive` errors in a row. */
export function backoffDelay({ initial, factor, max }: Retry['backoff'], consecutive: number): number {
  return Math.min(initial * factor ** (consecutive - 1), max);
}

/**
 * Milliseconds to the next look of a step that has waited for `age`: what the step suggests at first (at least a second),
 * then a twentieth of its age, at most an hour; spread by a tenth so that many waits do not fall on one moment.
 */
export function waitDelay(suggested: number | undefined, age: number, random = Math.random()): number {
  const floor = Math.max(suggested ?? firstLook, shortestLook);
  const delay = Math.max(floor, Math.min(age / 20, longestLook));
  return Math.round(delay * (0.9 + 0.2 * random));
}

/** The same, but not beyond the deadline: the attempt there ends the step. */
export function withinDeadline(delay: number, deadline: string | undefined): number {
  if (deadline === undefined) return delay;
  return Math.max(0, Math.min(delay, Date.parse(deadline) - Date.now()));
}

const shortestLook = 1000;
const firstLook = 10_000;
const longestLook = 3_600_000;
