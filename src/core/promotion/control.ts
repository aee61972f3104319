import type { JsonObject } from '../json.ts';
import type { Variable } from './plan.ts';

/** What people may do to a promotion under way: names of the updates, and kinds of the decisions kept of them. */
export const controls = ['abort', 'retry', 'skip', 'pause', 'resume', 'refresh'] as const;

export type Control = (typeof controls)[number];

/** Who asks, and why; part of every update. `actor` has 1 to 250 characters, `reason` at most 2000. */
export interface Caller {
  readonly actor: string;
  readonly reason?: string;
}

/** Ends the promotion; what is marked `always()` still runs. */
export type AbortCall = Caller;

/** Runs the step again that the promotion is held at. */
export interface RetryCall extends Caller {
  /** Alias of the step the caller means: refused when the promotion is held at another. */
  readonly step?: string;
  /** Top-level keys that replace those of the step's config, as written; `null` removes a key. */
  readonly config?: JsonObject;
  /** Added after the step's own vars, so they win. */
  readonly vars?: readonly Variable[];
}

/** Leaves the step out that the promotion is held at, and goes on after it. */
export interface SkipCall extends Caller {
  /** Alias of the step the caller means: refused when the promotion is held at another. */
  readonly step?: string;
  /** What later steps see as its output; without it what the step left when it failed. */
  readonly outputs?: JsonObject;
}

/** Lets no further step begin; the one under way goes on. */
export type PauseCall = Caller;

/** Lets a paused promotion go on. */
export type ResumeCall = Caller;

/** Makes a step that waits for its next attempt look at once. */
export type RefreshCall = Caller;

/** The argument of each update. */
export interface ControlCalls {
  readonly abort: AbortCall;
  readonly retry: RetryCall;
  readonly skip: SkipCall;
  readonly pause: PauseCall;
  readonly resume: ResumeCall;
  readonly refresh: RefreshCall;
}

/** An update that was accepted, as the status keeps it. `at` is RFC 3339. */
export interface Decision extends Caller {
  readonly at: string;
  readonly kind: Control;
  /** The step it was about, or that was under way. */
  readonly step?: string;
}

/** No further step begins, since then and because of them. */
export interface Pause extends Caller {
  readonly since: string;
}

/** Failure type of an update that was refused; its message says what the promotion does and what is possible now. */
export const refused = 'Refused';
