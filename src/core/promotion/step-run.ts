import type { FreightSet } from '../freight/freight.ts';
import type { MessageChannel } from '../messages/message-channel.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Retry, Variable } from './plan.ts';
import type { HealthCheck, Journal, PushedCommit, StepStatus } from './status.ts';

/** Who promotes what: the same for every step of a promotion. Instants are RFC 3339. */
export interface PromotionIdentity {
  readonly name: string;
  readonly project: string;
  readonly stage: string;
  readonly workflowId: string;
  /** Of the first run: stays through continue-as-new and reset, so effects are recognised by it. */
  readonly firstRunId: string;
  readonly actor?: string;
  readonly startedAt: string;
  /** Address of the user interface, for links. */
  readonly uiBaseUrl?: string;
  /** It brings back Freight that was in the Stage before. */
  readonly rollback?: boolean;
}

/** What expressions of one step may see: only values they refer to, never a secret. */
export interface Scope {
  readonly identity: PromotionIdentity;
  /** Alias of the step, in full. */
  readonly alias: string;
  /** As in the plan: `taskOf` tells the task of a step. */
  readonly task?: string;
  /** Promotion vars, then step vars; raw, later ones win, each sees the earlier ones. */
  readonly promotionVars: readonly Variable[];
  readonly stepVars: readonly Variable[];
  readonly outputs: Readonly<Record<string, JsonObject | null>>;
  /** Of the steps so far and of this one; none when nothing asks how steps ended. */
  readonly records: readonly ScopeRecord[];
  readonly freight: FreightSet;
  /** The Target that is promoted to, where there is one. */
  readonly target?: { readonly params: JsonObject; readonly labels: Readonly<Record<string, string>> };
  /** The step's first start: the clock of its config. RFC 3339. */
  readonly startedAt: string;
}

export interface ScopeRecord {
  readonly alias: string;
  /** As in the plan. */
  readonly task?: string;
  readonly status: StepStatus | '';
  readonly message?: string;
  readonly continueOnError: boolean;
  readonly errorCount: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** A folder on one worker's disk, on loan to a promotion. */
export interface WorkspaceClaim {
  /** Identity of the disk; its queue is `gantry-ws-<uid>`. */
  readonly uid: string;
  /** Counts the claims of this promotion: an older generation may not write any more. */
  readonly generation: number;
  /** Indices of the steps whose work the folder already holds. */
  readonly holds: readonly number[];
  /** Versions of the tools there. */
  readonly tools: Readonly<Record<string, string>>;
}

/** Input of the activity that runs a step. At most 512 KiB. */
export interface StepRun {
  readonly index: number;
  readonly uses: string;
  /** As written, expressions included. */
  readonly config: JsonObject;
  /** As in the plan. */
  readonly unconfigured?: true;
  readonly scope: Scope;
  readonly retry: Retry;
  /** Where messages can go, for steps that send them. */
  readonly channels?: readonly MessageChannel[];
  /** As in the plan. */
  readonly generatedBranch?: string;
  /** When people last had it run again, RFC 3339: its patience begins anew there. */
  readonly retriedAt?: string;
  /** When to give up, RFC 3339; absent = never. */
  readonly deadline?: string;
  readonly workspace?: WorkspaceClaim;
  /** What this very step returned before, when it runs again to make its files anew: pins what it resolved then. */
  readonly previous?: JsonObject;
  /** The trace of the files it made then; absent = they may come out differently. */
  readonly trace?: string;
  /** Values the declaration asked for by `reads`. */
  readonly reads: Readonly<Record<string, readonly { readonly alias: string; readonly value: Json }[]>>;
}

/** A commit that shows at its host how the promotion goes. */
export interface MarkedCommit {
  readonly repoURL: string;
  readonly sha: string;
  /** Kind of its Git host, where the URL does not tell. */
  readonly provider?: string;
  readonly skipVerify?: boolean;
}

/** What a step that ended well returns. */
export interface StepResult {
  readonly status: 'Succeeded' | 'Skipped';
  readonly output?: JsonObject;
  readonly message?: string;
  readonly healthCheck?: HealthCheck;
  readonly commits?: readonly PushedCommit[];
  /** Commits beside those that are to show how the promotion goes. */
  readonly marks?: readonly MarkedCommit[];
  /** Keys of pull requests whose events are to reach the promotion from now on. */
  readonly pullRequests?: readonly string[];
  readonly journal?: Journal;
  /** The end of what it printed. */
  readonly log?: string;
  /** Tells the files it made from others. */
  readonly trace?: string;
  /** The worker takes no further step: whatever comes next asks for a folder anew. */
  readonly leaving?: true;
}

/** `details[0]` of the failure of a step that did not. Its failure type is `StepFailed` or `StepErrored`. */
export interface StepFailure {
  readonly status: 'Failed' | 'Errored';
  readonly message: string;
  readonly output?: JsonObject;
  readonly journal?: Journal;
  /** The end of what it printed. */
  readonly log?: string;
  /** Its worker was lost on the way: nobody knows how far it got. */
  readonly unclear?: true;
  /** Its vars or config did not evaluate: it never ran and leaves no output, not even an empty one. */
  readonly unevaluated?: true;
}
