import type { Retry } from '../core/promotion/plan.ts';

/** Milliseconds to the next attempt after `consecutive` errors in a row. */
export function backoffDelay({ initial, factor, max }: Retry['backoff'], consecutive: number): number {
  return Math.min(initial * factor ** (consecutive - 1), max);
}

/** How often a step that waits is looked at, in milliseconds. */
export interface Pace {
  /** To the first look again, when the step suggests nothing. */
  readonly first: number;
  /** Whatever the step suggests. */
  readonly shortest: number;
  /** What the interval grows to, unless the step suggests more. */
  readonly longest: number;
}

/** The pace of every worker. */
export const usualPace: Pace = { first: 10_000, shortest: 1000, longest: 3_600_000 };

/**
 * Milliseconds to the next look of a step that has waited for `age`: what the step suggests at first, then a twentieth of
 * its age; spread by a tenth so that many waits do not fall on one moment.
 */
export function waitDelay(
  suggested: number | undefined,
  age: number,
  { first, shortest, longest } = usualPace,
  random = Math.random(),
): number {
  const floor = Math.max(suggested ?? first, shortest);
  const delay = Math.max(floor, Math.min(age / 20, longest));
  return Math.round(delay * (0.9 + 0.2 * random));
}

/** The same, but not beyond the deadline: the attempt there ends the step. */
export function withinDeadline(delay: number, deadline: string | undefined): number {
  if (deadline === undefined) return delay;
  return Math.max(0, Math.min(delay, Date.parse(deadline) - Date.now()));
}
