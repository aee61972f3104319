import type { CredentialSource } from '../credentials/credentials.ts';
import type { RunProgram } from '../programs/program.ts';
import { cloneRepository, type CloneRequest, type ClonedRepository } from './clone.ts';
import type { GitProtocol } from './remote-url.ts';
import type { MirrorOptions } from './mirror/mirror.ts';
import { openRemote, type Remote, type RemoteRequest } from './remote.ts';
import { openWorkTree, type WorkTree } from './work-tree.ts';

/** Git as steps use it: repositories cloned into a workspace, work trees in them. */
export interface Git {
  /** Author and committer where nobody names another. */
  readonly identity: GitIdentity;
  /**
   * A bare clone under the private folder, made anew. What an earlier attempt under the same name left behind, work
   * trees included, is removed first, so a repeated run gives the same result.
   */
  clone(request: CloneRequest): Promise<ClonedRepository>;
  /** The work tree a path lies in. Only those that `clone` made are taken: others could bring hostile settings. */
  openWorkTree(path: string, name: string): Promise<WorkTree>;
  /** The branches of a remote, looked at without a clone. Works where a promotion has no files. */
  openRemote(request: RemoteRequest): Promise<Remote>;
}

export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

/** Who commits, as far as somebody says so, and signs. */
export interface GitAuthor extends Partial<GitIdentity> {
  /** Private GPG key, armored, or SSH key. A secret: it stays in the private folder of the clone. */
  readonly signingKey?: string;
}

/** What the operator of a worker decides for all promotions. */
export interface GitPolicy {
  /** Transports that may be used; default all. Without `file` no path of the worker's disk can be cloned. */
  readonly protocols?: readonly GitProtocol[];
  /** How the remote's new commits are taken in before a push; default AlwaysRebase. */
  readonly integration?: IntegrationPolicy;
  /** Author and committer where the user names none; default Kargo's. */
  readonly identity?: GitIdentity;
  /** Signs where the user gives no key: a private GPG key, armored, or SSH key. A secret. */
  readonly signingKey?: string;
}

export interface GitOptions extends GitPolicy {
  /** Absolute path of the git binary. */
  readonly binary: string;
  /** Private folder inside the workspace for HOME, keys and bare repositories of this promotion. */
  readonly home: string;
  readonly project: string;
  readonly credentials: CredentialSource;
  readonly identity: GitIdentity;
  /** Marks every child process (`GANTRY_TASK`), so that a sweep can end what an abort left alive. */
  readonly task: string;
  readonly signal: AbortSignal;
  /** Called with what git reports while it works; feeds the log, never the history. */
  readonly onProgress?: (text: string) => void;
  /** Takes secrets out of what git prints, before any of it is cut. */
  readonly redact?: (text: string) => string;
  /** Variables git's environment is given besides its own: PATH, proxies, certificates. Never one of git's. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where to keep what the next promotion can use; absent = every clone begins with nothing. */
  readonly mirrors?: MirrorOptions;
  /** Absolute path of git-lfs, where there is one; absent = there is none. */
  readonly findLfs?: () => Promise<string | undefined>;
  /** Operator's settings for every call, as `section.key=value`. Nothing secret: they show in process lists. */
  readonly config?: readonly string[];
  /** Starts git and gpg; default from this process. */
  readonly runProgram?: RunProgram | undefined;
}

/** Kargo's policies. `RebaseOrMerge` and `RebaseOrFail` do not rebase commits that would lose their signature. */
export type IntegrationPolicy = 'AlwaysRebase' | 'AlwaysMerge' | 'RebaseOrMerge' | 'RebaseOrFail' | 'None';

/** Git for one attempt of one step. */
export function createGit(options: GitOptions): Git {
  return {
    identity: options.identity,
    clone: (request) => cloneRepository(options, request),
    openWorkTree: (path, name) => openWorkTree(options, path, name),
    openRemote: (request) => openRemote(options, request),
  };
}
