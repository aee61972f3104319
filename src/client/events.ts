import type { Freight } from '../core/freight/freight.ts';
import type { Control } from '../core/promotion/control.ts';
import type { PromotionStatus, PushedCommit, StepStatus, WaitingFor } from '../core/promotion/status.ts';

/** Everything that can happen to a promotion that somebody follows. Presenters are exhaustive switches over it. */
export type PromotionEvent =
  | Started
  | Planned
  | StepStarted
  | StepTrouble
  | StepWaiting
  | StepFinished
  | CommitPushed
  | Waiting
  | WaitingOver
  | Held
  | Decided
  | Paused
  | Resumed
  | WorkerMissing
  | WorkerFound
  | ConnectionLost
  | ConnectionRestored
  | Finished
  | Refused
  | Lost;

/** The promotion exists; from here on it goes its way whether anybody watches or not. */
export interface Started {
  readonly kind: 'started';
  readonly workflowId: string;
  /** Absent when somebody else started it. */
  readonly runId?: string;
  /** In the Temporal Web UI, where that is known. */
  readonly url?: string;
}

/** The plan is made and frozen: what was asked for can be run. */
export interface Planned {
  readonly kind: 'planned';
  readonly stage: string;
  readonly freight?: Freight;
  /** All of them, in order; not known of promotions that an older worker planned. */
  readonly steps?: readonly { readonly alias: string; readonly uses: string }[];
  readonly definitions?: { readonly source: string; readonly revision: string };
}

export interface StepStarted {
  readonly kind: 'step-started';
  readonly step: string;
  /** RFC 3339. */
  readonly at?: string;
}

/** An attempt ended in an error; the step is tried again. */
export interface StepTrouble {
  readonly kind: 'step-trouble';
  readonly step: string;
  readonly errors: number;
  readonly message?: string;
  /** When it is tried again, RFC 3339. */
  readonly retryAt?: string;
}

/** The step has looked, and what it waits for is not there yet; it looks again by itself. */
export interface StepWaiting {
  readonly kind: 'step-waiting';
  readonly step: string;
  readonly message: string;
}

export interface StepFinished {
  readonly kind: 'step-finished';
  readonly step: string;
  readonly status: Exclude<StepStatus, 'Running'>;
  readonly message?: string;
  /** From first start to end, in milliseconds; absent for steps that never ran. */
  readonly duration?: number;
}

export interface CommitPushed {
  readonly kind: 'commit-pushed';
  readonly commit: PushedCommit;
}

/** It stands still by itself: for its turn, for a step that looks outside, or paused. */
export interface Waiting {
  readonly kind: 'waiting';
  readonly waitingFor: Exclude<WaitingFor, { readonly kind: 'decision' }>;
}

export interface WaitingOver {
  readonly kind: 'waiting-over';
  readonly waitingFor: WaitingFor;
}

/** A step failed, and somebody has to say what becomes of it. */
export interface Held {
  readonly kind: 'held';
  readonly step: string;
  /** RFC 3339. */
  readonly since: string;
  readonly options: readonly Control[];
  /** Command lines that answer, where it is known how this client reaches the server. */
  readonly answers?: readonly string[];
}

/** Somebody operated the promotion. */
export interface Decided {
  readonly kind: 'decided';
  readonly decision: Exclude<Control, 'pause' | 'resume'>;
  readonly actor: string;
  readonly reason?: string;
  readonly step?: string;
  /** RFC 3339. */
  readonly at: string;
}

/** No further step begins; the one under way goes on. */
export interface Paused {
  readonly kind: 'paused';
  readonly actor: string;
  readonly reason?: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface Resumed {
  readonly kind: 'resumed';
  readonly actor: string;
  readonly reason?: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Nobody serves the task queue: the promotion stands still until a worker comes. */
export interface WorkerMissing {
  readonly kind: 'worker-missing';
}

export interface WorkerFound {
  readonly kind: 'worker-found';
}

export interface ConnectionLost {
  readonly kind: 'connection-lost';
  readonly message: string;
}

export interface ConnectionRestored {
  readonly kind: 'connection-restored';
}

/** It ended as Succeeded, Failed, Errored or Aborted. Last event. */
export interface Finished {
  readonly kind: 'finished';
  readonly status: PromotionStatus;
}

/** It was invalid and never ran; the message holds every problem. Last event. */
export interface Refused {
  readonly kind: 'refused';
  readonly message: string;
}

/** It ended without a result of its own: terminated, timed out, unknown. Last event. */
export interface Lost {
  readonly kind: 'lost';
  readonly message: string;
}

/** The events after which no other comes. */
export type FinalEvent = Finished | Refused | Lost;

/** Says whether a promotion is over. */
export function isFinal(event: PromotionEvent): event is FinalEvent {
  return event.kind === 'finished' || event.kind === 'refused' || event.kind === 'lost';
}
