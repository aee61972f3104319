/** What opens a repository. Password holds a token too. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly sshPrivateKey?: string;
  /** Socket of a running ssh agent. */
  readonly sshAgent?: string;
  /** Stands for tokens of one installation. */
  readonly githubApp?: GitHubApp;
}

/** An App of GitHub, as it is installed in one organisation. */
export interface GitHubApp {
  /** Its ID or client ID. */
  readonly id: string;
  readonly installation: string;
  /** PEM. */
  readonly privateKey: string;
}

export interface CredentialQuery {
  /** Credentials never cross projects. */
  readonly project: string;
  readonly type: 'git' | 'helm' | 'image';
  readonly repoURL: string;
  /** Passes over what holds none, or stands for none: an SSH key opens no API. */
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
