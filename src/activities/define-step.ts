import type { Static, TObject } from 'typebox';
import type { FreightSet } from '../core/freight/freight.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { MessageChannel } from '../core/messages/message-channel.ts';
import type { Inheritance, TraitsOf } from '../core/promotion/catalogue.ts';
import type { StepTraits } from '../core/promotion/plan.ts';
import type { HealthCheck, PushedCommit } from '../core/promotion/status.ts';
import type { MarkedCommit } from '../core/promotion/step-run.ts';
import type { Git } from '../providers/git/git.ts';
import type { CredentialQuery, Credentials } from '../providers/credentials/credentials.ts';
import type { GitHosts } from '../providers/git-hosts/git-host.ts';
import type { Http } from '../providers/http/http.ts';
import type { Registries } from '../providers/oci/registries.ts';
import type { Scripts } from '../providers/script/script.ts';
import type { ToolRunner } from '../providers/tool-runner.ts';

/** A step: data that tools can read without running it, and one function. One file each, named as users write it. */
export interface StepDefinition<Config = JsonObject, Output = JsonObject> extends StepTraits {
  /** What users write after `uses:`; also file name, activity type and docs page. */
  readonly kind: string;
  /** One sentence. */
  readonly summary: string;
  /** Longer text for the docs page, in Markdown. */
  readonly description?: string;
  readonly config: TObject;
  readonly outputs?: TObject;
  readonly examples: readonly StepExample[];
  /** Binaries it cannot do without; checked before the promotion starts. */
  readonly tools?: readonly string[];
  /** Limit when the user sets none, in milliseconds. */
  readonly timeout?: number;
  /** Errors in a row that end it when the user says nothing; 1 when absent. */
  readonly errorThreshold?: number;
  /** Only a worker whose operator says so takes it: it can do whatever the worker can. */
  readonly isGuarded?: true;
  /** Turns options of older Kargo versions into today's, before validation. */
  readonly upgrade?: (config: JsonObject) => JsonObject;
  /** What it takes from another step where its config does not say it. */
  readonly inherits?: Inheritance;
  /** What the config and `retry` as written change about the traits; expressions in them have not been evaluated. */
  readonly traits?: TraitsOf;
  readonly run: (config: Config, world: StepWorld) => Promise<StepOutcome<Output>>;
}

/** All that a step may touch; it destructures what it needs. */
export interface StepWorld {
  readonly promotion: {
    readonly name: string;
    readonly project: string;
    readonly stage: string;
    readonly actor?: string;
    /** Address of the user interface, for links, where the operator names one. */
    readonly uiBaseUrl?: string;
  };
  readonly alias: string;
  /** An earlier attempt began in these files: it may have left its work half done, or done and untold. */
  readonly again: boolean;
  /** First start of the step, the same on every attempt: dates of commits come from it. */
  readonly startedAt: Date;
  readonly freight: FreightSet;
  readonly workspace: Workspace;
  readonly git: Git;
  /**
   * Has the events of a pull request that the promotion did not open reach it, by its `pullRequestKey`; once however
   * often it is asked.
   */
  readonly watchPullRequest: (key: string) => Promise<void>;
  readonly http: Http;
  /** Registries of images and charts, opened with the credentials of the project. */
  readonly registries: Registries;
  /** Git hosts: pull requests and commit statuses, with the credentials of the project. */
  readonly gitHosts: GitHosts;
  /** Credentials of the project, for a tool that opens a repository by itself: in a private file, never as an argument. */
  readonly findCredentials: (query: Omit<CredentialQuery, 'project'>) => Promise<Credentials | undefined>;
  /** Runs a resolved binary (`kustomize`, `helm`) without a shell. */
  readonly tools: ToolRunner;
  /** Runs scripts of users over the files. */
  readonly scripts: Scripts;
  /** Takes what programs of the step print: it goes to the log, and the end of it into the step's record. */
  readonly print: (text: string) => void;
  /** Where messages can go, for steps that declare `channels`. */
  readonly channels: readonly MessageChannel[];
  /** What the project calls branches that are made up; absent = they belong to the promotion. */
  readonly generatedBranch?: string;
  /** Texts of a Secret of the project, or of a shared one; undefined when there is none. They become known to the log. */
  readonly findSecret: (
    name: string,
    isShared?: boolean,
  ) => Promise<Readonly<Record<string, string>> | undefined>;
  /** Outputs of earlier steps by key, for steps that declare `reads`. */
  readonly reads: Readonly<Record<string, readonly { readonly alias: string; readonly value: Json }[]>>;
  /** What this step returned before its workspace was lost: pin to it. */
  readonly previous?: JsonObject;
  /** The trace that it left then: other files than those are RebuildDiverged. Absent = any will do. */
  readonly trace?: string;
  readonly log: StepLog;
  /** The text without the secrets this attempt knows. For what others say, before it is cut: half a secret is not found. */
  redact(text: string): string;
  /** Aborts on cancellation, deadline and worker shutdown; rethrow its reason as it is. */
  readonly signal: AbortSignal;
}

/** The promotion's own folder. */
export interface Workspace {
  /** Absolute path. */
  readonly root: string;
  /**
   * Absolute path of a user's path, kept inside the workspace the way Kargo does: `..` stops at the root, absolute
   * paths start there, symlinks are followed as if the workspace were `/`.
   */
  resolve(path: string): Promise<string>;
}

export interface StepLog {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
}

/** What a step returns when it ends well; an exception says the rest (`core/errors.ts`). */
export interface StepOutcome<Output = JsonObject> {
  /** Default Succeeded. Skipped: there was nothing to do; the output is kept. */
  readonly status?: 'Succeeded' | 'Skipped';
  readonly output?: Output;
  readonly message?: string;
  readonly healthCheck?: HealthCheck;
  readonly commits?: readonly PushedCommit[];
  /** Tells the files it made from others, in at most 200 characters: `world.trace` when they have to be made again. */
  readonly trace?: string;
  /** Commits beside those pushed that are to show how the promotion goes, where that is wanted. */
  readonly marks?: readonly MarkedCommit[];
  /** Pull requests it opened or found, by `pullRequestKey`: their events then reach the promotion. */
  readonly pullRequests?: readonly string[];
}

export interface StepExample {
  readonly title: string;
  readonly as?: string;
  readonly config: JsonObject;
}

/** Checks the declaration at compile time: `run` gets what `config` describes and returns what `outputs` says. */
export function defineStep<const C extends TObject, const O extends TObject = TObject>(
  step: Omit<StepDefinition<Static<C>, Static<O>>, 'config' | 'outputs'> & {
    readonly config: C;
    readonly outputs?: O;
  },
): StepDefinition {
  return step as unknown as StepDefinition;
}
