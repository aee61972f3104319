import { TerminalError } from '../../core/errors.ts';
import type { WebHost } from '../git/commit-url.ts';
import type { GitProtocol } from '../git/remote-url.ts';
import type { CredentialQuery, Credentials } from '../credentials/credentials.ts';
import type { Http } from '../http/http.ts';
import type { GitHosts, HostedRepository } from './git-host.ts';
import { HostMemory } from './host-memory.ts';
import type { HostPattern } from './host-pattern.ts';
import { findPlace, type HostPlace } from './host-place.ts';
import type { HostDialect } from './host-request.ts';
import { HostSession } from './session.ts';
import { webAddressOf } from './web-address.ts';

/** What the operator says about Git hosts. */
export interface GitHostPolicy {
  readonly patterns: readonly HostPattern[];
}

export interface GitHostsOptions {
  readonly http: Http;
  /** Those of the project. */
  readonly findCredentials: (query: Omit<CredentialQuery, 'project'>) => Promise<Credentials | undefined>;
  readonly policy?: GitHostPolicy;
  /** Transports that the worker allows; default all. */
  readonly protocols?: readonly GitProtocol[];
  /** What the process keeps of answers; default nothing from before. */
  readonly memory?: HostMemory;
  readonly signal: AbortSignal;
  /** Milliseconds for which a host may be busy before it counts as an error; default 30 000. */
  readonly patience?: number;
}

/** What an adapter makes a repository of. */
export interface HostParts {
  readonly place: HostPlace;
  /** Undefined = anonymous. */
  readonly token: HostToken | undefined;
  /** A session with the API at a base address, as this kind of host speaks. */
  readonly openSession: (session: {
    readonly name: string;
    readonly apiURL: string;
    readonly dialect: HostDialect;
  }) => HostSession;
  /** Between looks at something the host does in its own time. */
  readonly signal: AbortSignal;
}

/** What opens an API. */
export interface HostToken {
  readonly username?: string;
  readonly password: string;
}

/** Makes a repository of its place. Throws TerminalError for an address that cannot be one of this kind of host. */
export type OpenRepository = (parts: HostParts) => HostedRepository;

/** Git hosts with the credentials of one project; nothing is asked of a host before the first question. */
export function createGitHosts(options: GitHostsOptions): GitHosts {
  const { http, signal, policy, protocols, memory = new HostMemory(), patience = 30_000 } = options;
  return {
    async open(repoURL, { provider, skipVerify = false, needsToken = false } = {}) {
      const patterns = policy?.patterns ?? [];
      const place = findPlace(repoURL, { provider, patterns, protocols });
      const openRepository = await adapters[place.kind]();
      const token = await findToken(place, repoURL, options);
      if (!token && needsToken) throw await explainMissing(place, repoURL, options);
      const secrets = token ? secretsOf(token) : [];
      return openRepository({
        place,
        token,
        signal,
        openSession: (session) =>
          new HostSession({ ...session, http, memory, signal, patience, skipVerify, secrets }),
      });
    },
  };
}

/** Loaded when one is needed. */
const adapters: Readonly<Record<WebHost, () => Promise<OpenRepository>>> = {
  azure: async () => (await import('./azure.ts')).openAzure,
  bitbucket: async () => (await import('./bitbucket.ts')).openBitbucket,
  gitea: async () => (await import('./gitea.ts')).openGiteaRepository,
  github: async () => (await import('./github.ts')).openGitHubRepository,
  gitlab: async () => (await import('./gitlab.ts')).openGitLab,
};

/** An API opens with a token where Git itself may use a key: the one kept for the same repository by HTTPS. */
async function findToken(
  place: HostPlace,
  repoURL: string,
  { findCredentials }: GitHostsOptions,
): Promise<HostToken | undefined> {
  const web = webAddressOf(place);
  for (const url of new Set([repoURL.trim(), web])) {
    const found = await findCredentials({ type: 'git', repoURL: url, needs: 'password' });
    if (found?.password) return { ...found, password: found.password };
  }
  const other = await findCredentials({ type: 'git', repoURL });
  if (!other?.sshPrivateKey) return undefined;
  throw new TerminalError(
    `${place.repoURL}: the project has only an SSH key for this repository, and the API of its host needs a token: ` +
      `a Secret with the label kargo.akuity.io/cred-type: git, repoURL ${web} and the token as password`,
  );
}

async function explainMissing(
  { repoURL: shown }: HostPlace,
  repoURL: string,
  { findCredentials }: GitHostsOptions,
): Promise<Error> {
  const other = await findCredentials({ type: 'git', repoURL });
  const what = other
    ? `the credentials of the project for ${shown} hold no`
    : `the project has no credentials for ${shown}, and this needs a`;
  return new TerminalError(
    `${what} token: give its Secret with the label kargo.akuity.io/cred-type: git a password`,
  );
}

function secretsOf({ username = '', password }: HostToken): readonly string[] {
  // Some hosts want no user name.
  const pairs = [username, ''].map((user) => Buffer.from(`${user}:${password}`).toString('base64'));
  return [password, ...new Set(pairs)];
}
