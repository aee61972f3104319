import type { JsonObject } from '../json.ts';
import type { Freight } from '../freight/freight.ts';
import type { Decision, Pause } from './control.ts';

/** Kargo's phases of a promotion. The last four are final. */
export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Errored' | 'Aborted';

/** Kargo's statuses of a step. */
export type StepStatus = 'Running' | 'Succeeded' | 'Skipped' | 'Failed' | 'Errored' | 'Aborted';

/** One entry of Kargo's `stepExecutionMetadata`. Instants are RFC 3339 in UTC. */
export interface StepRecord {
  readonly alias: string;
  readonly continueOnError: boolean;
  status?: StepStatus;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
  /** Errors counted against `retry.errorThreshold` so far. */
  errorCount: number;
  /** What happened in the attempts, newest last; absent when the first one sufficed. */
  journal?: Journal;
  /** The end of what its programs printed, at most 16 KiB; those of older steps go when all have 128 KiB. */
  log?: string;
  /** How it ended before people had it run again or left out; at most 5, newest last. */
  earlier?: readonly EarlierEnd[];
  /** When people last had it run again: its time counts from there. */
  retriedAt?: string;
}

/** An end of a step that did not stay. */
export interface EarlierEnd {
  readonly status: StepStatus;
  readonly message?: string;
  readonly finishedAt?: string;
}

/** What attempts of a step leave behind; lives in heartbeats while the step is under way. */
export interface Journal {
  readonly looks: number;
  readonly errors: number;
  readonly consecutive: number;
  /** At most 10, newest last. */
  readonly recent: readonly { readonly at: string; readonly message: string }[];
}

/** What a promotion waits for, when it does. `since` is RFC 3339. */
export type WaitingFor =
  | { readonly kind: 'turn'; readonly since: string }
  | { readonly kind: 'step'; readonly step: string; readonly since: string }
  | {
      readonly kind: 'decision';
      readonly step: string;
      readonly since: string;
      readonly options: readonly ('retry' | 'skip' | 'abort')[];
    }
  | { readonly kind: 'resume'; readonly since: string; readonly actor: string; readonly reason?: string };

export interface HealthCheck {
  readonly uses: string;
  readonly config: JsonObject;
}

/** Answer of query `status` and result of the workflow: shaped like Kargo's `Promotion.status`. */
export interface PromotionStatus {
  name: string;
  project: string;
  stage: string;
  phase: Phase;
  message?: string;
  actor?: string;
  freight?: Freight;
  startedAt?: string;
  finishedAt?: string;
  /** Index of the step under way. */
  currentStep: number;
  stepExecutionMetadata: StepRecord[];
  /** Outputs by alias. Left out of a result that would exceed 256 KiB. */
  state?: Record<string, JsonObject | null>;
  healthChecks: HealthCheck[];
  /** What reached repositories, for people and lists. */
  commits: PushedCommit[];
  /** Keys of the pull requests it opened or waits for: the newest 20; absent when there are none. */
  pullRequests?: readonly string[];
  definitions?: { readonly source: string; readonly revision: string };
  /** Every step of the plan, in order. */
  steps?: readonly { readonly alias: string; readonly uses: string }[];
  waitingFor?: WaitingFor;
  /** Set from the moment a pause is accepted, also while the step under way goes on. */
  paused?: Pause;
  /** What people decided: the newest 50, newest last; absent when they never did. */
  decisions?: readonly Decision[];
}

export interface PushedCommit {
  readonly step: string;
  readonly repoURL: string;
  readonly branch: string;
  readonly sha: string;
  readonly url?: string;
}
