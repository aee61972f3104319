import type { CredentialSource } from '../credentials/credentials.ts';

/** Git as steps use it: repositories cloned into a workspace, work trees in them. */
export interface Git {
  /** Placeholder of the contract: owned by the git room. */
  readonly identity: GitIdentity;
}

export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

export interface GitOptions {
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
}
