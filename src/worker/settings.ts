import type { NativeConnectionOptions } from '@temporalio/worker';
import type { StepDefinition } from '../activities/define-step.ts';
import type { Keyring } from '../encryption/keys.ts';
import type { LogOptions } from '../log.ts';
import type { GitPolicy } from '../providers/git/git.ts';
import type { GitHostPolicy } from '../providers/git-hosts/git-hosts.ts';
import type { HttpPolicy } from '../providers/http/http.ts';
import type { RegistryPolicy } from '../providers/oci/registries.ts';
import type { Tool } from '../tools/tools.ts';

/** What a worker needs to know. Folders are absolute. */
export interface WorkerSettings {
  /** Address, TLS, API key. */
  readonly connection: NativeConnectionOptions;
  readonly namespace: string;
  /** Folder for the files of promotions; no second worker may use it. */
  readonly workspaces: string;
  /** Folder or Git address; absent = promotions must bring their definitions or steps. */
  readonly definitions?: string;
  /** Folder of Kubernetes Secret manifests. */
  readonly secrets?: string;
  /** Payloads are encrypted with the first and decrypted with all; default none. */
  readonly keys?: Keyring;
  /** What promotions may do with Git; default everything, Kargo's way. */
  readonly git?: GitPolicy;
  /** Which hosts are of which kind where their name does not tell. */
  readonly gitHosts?: GitHostPolicy;
  /** Address of the user interface, for links; without a slash at its end. */
  readonly uiBaseUrl?: string;
  /** Which addresses HTTP steps may connect to; default public ones only. */
  readonly http?: HttpPolicy;
  /** How much may be copied between registries; default 1 GiB. */
  readonly registries?: RegistryPolicy;
  readonly tools: {
    resolve(name: string, signal?: AbortSignal): Promise<Tool>;
    /** One that is there already; absent = only those that steps cannot do without are used. */
    find?(name: string): Promise<Tool | undefined>;
  };
  readonly allowInlineSteps: boolean;
  /** Kinds of steps that can do whatever the worker can, and are run all the same; default none. */
  readonly allowSteps?: readonly string[];
  /** Steps beside those of Gantry itself. Every worker of a namespace must know the same. */
  readonly steps?: readonly StepDefinition[];
  /** Promotions whose files are worked on at a time; default 10. */
  readonly capacity?: number;
  /** Bytes that files of waiting promotions may take; default 10 GiB. */
  readonly maximumBytes?: number;
  /** Milliseconds that running steps get to end at `stop`; default 10 000. */
  readonly graceTime?: number;
  /** Milliseconds that `stop` first waits for promotions to give their folders back; default 0. For disks that do not outlive the worker. */
  readonly drainTime?: number;
  readonly log: Omit<LogOptions, 'scrub'>;
  /** How the worker is called in Temporal; default pid@host. */
  readonly identity?: string;
}
