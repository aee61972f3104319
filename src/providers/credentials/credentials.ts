/** What opens a repository. Password holds a token too. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly sshPrivateKey?: string;
  /** Socket of a running ssh agent. */
  readonly sshAgent?: string;
}

export interface CredentialQuery {
  /** Credentials never cross projects. */
  readonly project: string;
  readonly type: 'git' | 'helm' | 'image';
  readonly repoURL: string;
  /** Passes over what has none: an SSH key opens no API. */
  readonly needs?: 'password';
}

/** Finds credentials for a repository. One contract, several sources; the first that knows the repository wins. */
export interface CredentialSource {
  /** Undefined when this source knows nothing of the repository: access is then tried without. */
  find(query: CredentialQuery): Promise<Credentials | undefined>;
}

/** Asks the sources in order; the first that knows the repository wins. */
export function createCredentials(sources: readonly CredentialSource[]): CredentialSource {
  return {
    async find(query) {
      for (const source of sources) {
        const found = await source.find(query);
        if (found) return found;
      }
      return undefined;
    },
  };
}
