import type { ConditionCall, MarkCall } from '../core/promotion/calls.ts';
import type { PlannedStep } from '../core/promotion/plan.ts';
import type { StepFailure, StepResult, StepRun, WorkspaceClaim } from '../core/promotion/step-run.ts';
import type { RetryCall, SkipCall } from '../core/promotion/control.ts';
import type { Stop } from '../core/promotion/stop.ts';

/** How scheduled work ended, told without Temporal's words. */
export type End<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: StepFailure }
  /** It was cancelled, because the promotion is to stop. */
  | { readonly kind: 'stopped' }
  /** The files it needs are gone, or the worker that has them is; handed over = in good order, which is no loss. */
  | { readonly kind: 'lost'; readonly message: string; readonly isHandedOver?: true };

/** What people decide about a step that is held; whoever aborts stops the promotion instead. */
export type HeldDecision =
  { readonly kind: 'retry'; readonly call: RetryCall } | { readonly kind: 'skip'; readonly call: SkipCall };

/** All that the interpreter asks of the world. The workflow gives Temporal's, tests give scripted ones. */
export interface Effects {
  /** The workflow's own time, RFC 3339. */
  now(): string;
  /** Set once, when the promotion is to end early. */
  findStop(): Stop | undefined;
  /** Resolves when this promotion may change its Stage. */
  acquireTurn(): Promise<End<void>>;
  /** Decides a condition that needs something from outside. */
  evaluateCondition(call: ConditionCall, step: PlannedStep): Promise<End<boolean>>;
  /** Runs a step until it ends, through any number of attempts. */
  runStep(step: PlannedStep, run: StepRun): Promise<End<StepResult>>;
  /** Lends a folder, by preference on the disk named; a worker that was lost a moment ago is hardly waited for. */
  claimWorkspace(generation: number, uid?: string, wasLost?: boolean): Promise<End<WorkspaceClaim>>;
  /** Gives the lease back, and the folder up if told so. Never fails. */
  releaseWorkspace(uid: string, remove: boolean): Promise<void>;
  /** Says at the hosts of commits how the promotion goes. Never fails; `marked` waits for all of it. */
  mark(call: MarkCall): void;
  /** Resolves when nothing is being said any more. */
  marked(): Promise<void>;
  /** Resolves with what becomes of the step that is held, or undefined once the promotion is to end early. */
  nextDecision(): Promise<HeldDecision | undefined>;
  /** Resolves once nothing is paused, or the promotion is to end early. */
  resumed(): Promise<void>;
  /** Whether the history has become so long that a checkpoint would begin a new one. */
  isLong(): boolean;
  /** Called where run and files say everything: the promotion may go on from there in a new history, and not return. */
  checkpoint(): Promise<void>;
  /** Called after every change of the status. */
  changed(): void;
}

/** The end of work that nobody can repair. */
export function errored(message: string): Extract<End<never>, { kind: 'failed' }> {
  return { kind: 'failed', failure: { status: 'Errored', message } };
}
