import type { Plan } from './plan.ts';
import type { PromotionRequest } from './request.ts';
import type {
  MarkedCommit,
  PromotionIdentity,
  Scope,
  StepResult,
  StepRun,
  WorkspaceClaim,
} from './step-run.ts';

/** Task queues: `gantry-ws-<uid>` is one worker's disk. */
export const queues = {
  main: 'gantry',
  io: 'gantry-io',
  claim: 'gantry-claim',
  workspace: (uid: string) => `gantry-ws-${uid}`,
} as const;

/** Input of activity `plan` (queue `gantry`). Returns a Plan, or fails as `InvalidPromotion` with every problem. */
export interface PlanCall {
  readonly request: PromotionRequest;
  readonly identity: PromotionIdentity;
}

/** Input of activity `evaluate-condition` (queue `gantry`), for an `if` that needs look-ups. Returns a boolean only. */
export interface ConditionCall {
  readonly condition: string;
  readonly scope: Scope;
}

/**
 * Input of activity `claim-workspace`: first as a local activity, answered where the workflow task is, then on the queue of
 * the worker that has the folder, then on `gantry-claim` (any worker with room). Idempotent: the same promotion gets its
 * folder again, with the generation it asks for.
 */
export interface ClaimCall {
  readonly workflowId: string;
  readonly firstRunId: string;
  readonly generation: number;
  /** The disk that has the folder; absent = none has. */
  readonly uid?: string;
}

/**
 * Input of activity `release-workspace`, local first, then on the worker's own queue: gives the lease back, and the folder
 * up if told so.
 */
export interface ReleaseCall {
  readonly workflowId: string;
  readonly firstRunId: string;
  readonly remove: boolean;
  readonly uid: string;
}

/** Input of local activity `look-now`: an activity of the same run, and when somebody rang for it (RFC 3339). */
export interface LookNowCall {
  readonly activityId: string;
  readonly since: string;
}

/** Input of activity `mark-commits` (queue `gantry-io`): says at the hosts of commits how the promotion goes. */
export interface MarkCall {
  readonly identity: PromotionIdentity;
  readonly commits: readonly MarkedCommit[];
  readonly state: 'pending' | 'success' | 'failure';
  readonly description: string;
}

/** The activities that are no steps; a step is an activity named by its kind, from `StepRun` to `StepResult`. */
export interface EngineActivities {
  plan(call: PlanCall): Promise<Plan>;
  'evaluate-condition'(call: ConditionCall): Promise<boolean>;
  'claim-workspace'(call: ClaimCall): Promise<WorkspaceClaim>;
  'release-workspace'(call: ReleaseCall): Promise<void>;
  'look-now'(call: LookNowCall): Promise<'heard' | 'busy'>;
  'mark-commits'(call: MarkCall): Promise<void>;
}

/** Their names: no step can have one of these. */
export const engineActivityNames = [
  'plan',
  'evaluate-condition',
  'claim-workspace',
  'release-workspace',
  'look-now',
  'mark-commits',
] as const satisfies readonly (keyof EngineActivities)[];

export type StepActivity = (run: StepRun) => Promise<StepResult>;

/** Types of the failures that cross between activity, workflow and client. */
export const failureTypes = {
  invalid: 'InvalidPromotion',
  failed: 'PromotionFailed',
  errored: 'PromotionErrored',
  /** A step that ended as Failed or Errored; `details[0]` is a StepFailure. Never retried. */
  stepFailed: 'StepFailed',
  stepErrored: 'StepErrored',
  notYet: 'NotYet',
  transient: 'TransientError',
  workspaceLost: 'WorkspaceLost',
  /** A local activity that another worker has to do. */
  notHere: 'NotHere',
  /** A step that makes its files again and gets others; `details[0]` is a StepFailure. Never retried. */
  diverged: 'RebuildDiverged',
  /** The worker ends while the step runs; Temporal's own core calls it so. */
  shutdown: 'WorkerShutdown',
} as const;
