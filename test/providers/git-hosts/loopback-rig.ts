import assert from 'node:assert/strict';
import { TerminalError } from '../../../src/core/errors.ts';
import type { Credentials } from '../../../src/providers/credentials/credentials.ts';
import type { WebHost } from '../../../src/providers/git/commit-url.ts';
import type { HostedRepository, NewPullRequest } from '../../../src/providers/git-hosts/git-host.ts';
import { createGitHosts } from '../../../src/providers/git-hosts/git-hosts.ts';
import type { HostPattern } from '../../../src/providers/git-hosts/host-pattern.ts';
import { createHttp } from '../../../src/providers/http/http.ts';
import type { HostRig } from './contract.ts';
import type { DocumentedServer } from './documented-server.ts';
import type { HostedTestRepository, TestRequest } from './hosted-repository.ts';

/** A loopback server with one repository, as the contract drives it. What no page shows fails when it is closed. */
export function rigOf(
  server: DocumentedServer & { readonly repository: HostedTestRepository },
  credentials: Credentials,
  renamed: string,
  path: string = `${server.repository.path}.git`,
): HostRig {
  const { repository } = server;
  return {
    url: server.url,
    path,
    credentials,
    weakCredentials: { ...credentials, password: 'weak-token' },
    commit: async (branch, files) => repository.commit(branch, files),
    async closeRequest(number) {
      repository.find(number)!.state = 'closed';
    },
    readLabels: async (number) => repository.find(number)!.labels,
    rename: async () => repository.rename(renamed),
    async close() {
      await server.close();
      assert.deepEqual(server.undocumented, []);
    },
  };
}

/** How a repository is opened that is not called by its address. */
export interface OpenAt {
  readonly provider: WebHost;
  readonly credentials?: Credentials;
  readonly patterns?: readonly HostPattern[];
}

/** A repository as a step gets it, without a proxy before the host. */
export function openAt(
  repoURL: string,
  { provider, credentials = { password: 'strong-token' }, patterns = [] }: OpenAt,
): Promise<HostedRepository> {
  const { signal } = new AbortController();
  const hosts = createGitHosts({
    http: createHttp({ policy: { allow: ['loopback'] }, signal }),
    policy: { patterns },
    findCredentials: async () => credentials,
    signal,
    patience: 0,
  });
  return hosts.open(repoURL, { provider });
}

/** Pull requests of a test, each from a branch of its own. */
export interface Changes {
  /** A branch with a commit, and what to ask for. */
  readonly change: () => NewPullRequest;
  /** Opens one and gives what the host keeps of it. */
  readonly open: (extra?: Partial<NewPullRequest>) => Promise<TestRequest>;
}

/** Changes in the repository that a suite has open by the time a test runs. */
export function changesIn(
  opened: () => {
    readonly server: { readonly repository: HostedTestRepository };
    readonly repository: HostedRepository;
  },
): Changes {
  let count = 0;
  const change = (): NewPullRequest => {
    const source = `change/${(count += 1)}`;
    opened().server.repository.commit(source, { [`file-${count}`]: 'text\n' });
    return { source, target: 'main', title: `Change ${count}`, description: '' };
  };
  return {
    change,
    open: async (extra = {}) => {
      const { server, repository } = opened();
      const { number } = await repository.openPullRequest({ ...change(), ...extra });
      return server.repository.find(number)!;
    },
  };
}

/** The message of the error with which a promise ends for good. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => assert.fail('nothing was refused'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TerminalError, String(error));
  return error.message;
}
