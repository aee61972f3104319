import type { FreightSet } from '../freight/freight.ts';
import type { MessageChannel } from '../messages/message-channel.ts';
import type { JsonObject } from '../json.ts';

/** A variable as written: the value may hold expressions. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** How patient the engine is with a step. All times in milliseconds. */
export interface Retry {
  /** Consecutive errors that end the step; at least 1. */
  readonly errorThreshold: number;
  /** From the first attempt to giving up; absent = never. */
  readonly timeout?: number;
  readonly backoff: { readonly initial: number; readonly factor: number; readonly max: number };
}

/**
 * Where a step runs. `anywhere`: short, needs no files. `io`: talks to the outside for long, needs no files.
 * `workspace`: on the disk that holds the promotion's files.
 */
export type StepPlace = 'anywhere' | 'io' | 'workspace';

/** What a step changes: nothing, files of the workspace only, or something outside that must not happen twice. */
export type StepEffect = 'none' | 'workspace' | 'external';

/** What the declaration of a step tells the engine; frozen in the plan so that a later default changes no run. */
export interface StepTraits {
  readonly place: StepPlace;
  readonly effect: StepEffect;
  /** It changes the files too, though its effect is external: those who make files anew have to run it. */
  readonly changesFiles?: true;
  /** Running it again after an unknown end does no harm. */
  readonly repeatable: boolean;
  /** Output keys of earlier steps it is given, each as `{alias, value}` in step order. */
  readonly reads?: readonly string[];
  /** It is given the channels that messages can go to. */
  readonly channels?: true;
  /** Inside a task its output also becomes the task's own (`compose-output`). */
  readonly propagates?: boolean;
}

/** A reference to a task, as far as it says more than which. */
export interface TaskReference {
  /** In full. */
  readonly alias: string;
  /** Index in the plan of the first step that came by it. */
  readonly first: number;
  readonly if?: string;
  /** What its condition may read beside the vars of the promotion. */
  readonly vars: readonly Variable[];
  readonly continueOnError: boolean;
}

export interface PlannedStep extends StepTraits {
  /** Given, or `step-N`; inner steps of a task are `task::step`. Unique in the plan. */
  readonly alias: string;
  /** Full alias of the task it belongs to, where its own alias does not tell: inside a task inside a task. */
  readonly task?: string;
  readonly uses: string;
  /** One line for people: what it does. */
  readonly summary: string;
  readonly if?: string;
  /** Its own, or that of a reference to its task. */
  readonly continueOnError: boolean;
  /** It is not its own: to the rest of the task a failure is one. */
  readonly toleratedByTask?: true;
  /** Those to tasks that have a condition or are tolerated, outermost first. */
  readonly references?: readonly TaskReference[];
  readonly vars: readonly Variable[];
  /** As written, expressions included; empty when there is none. */
  readonly config: JsonObject;
  /** The user wrote no config: then no var is evaluated for it either. */
  readonly unconfigured?: true;
  readonly retry: Retry;
}

/** A promotion that has been checked: everything the interpreter needs, and all it may use. At most 384 KiB. */
export interface Plan {
  readonly project: string;
  readonly stage: string;
  readonly freight: FreightSet;
  /** Stage, then template, then request: later ones win. */
  readonly vars: readonly Variable[];
  readonly steps: readonly PlannedStep[];
  /** What was read, and which version of it: a commit, or a SHA-256 over the files. */
  readonly definitions: { readonly source: string; readonly revision: string };
  /** Search attributes registered when the plan was made; the workflow writes no others. */
  readonly searchAttributes: readonly string[];
  /** Where messages can go; only with a step that sends some. */
  readonly channels?: readonly MessageChannel[];
  /** Branch that pushes go to when they are to make one up, as the project says. */
  readonly generatedBranch?: string;
  /** Address of the user interface, for links, where the operator names one. */
  readonly uiBaseUrl?: string;
  /** Commits it pushes, and heads of its pull requests, show at their host how it goes. */
  readonly commitStatuses?: true;
  /** Versions of the binaries of the worker that planned. */
  readonly tools: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}
