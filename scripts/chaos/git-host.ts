import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestRepository, type TestRepository } from '../../test/support/git-repository.ts';
import { openGitea, type TestGitea } from '../../test/support/gitea.ts';
import type { FaultyServer } from './faulty-server.ts';
import { openReceiver, type Receiver } from './receiver.ts';
import { createRemotes } from './remotes.ts';

/** A pull request as the host knows it. */
export interface HostRequest {
  readonly number: number;
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly merge_commit_sha: string | null;
  /** Target branch. */
  readonly base: { readonly ref: string };
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** A real Gitea behind the faults of the network, with one repository for each run, and what receives its webhooks. */
export interface GitHost {
  readonly receiver: Receiver;
  /** What workers must be told. */
  readonly flags: readonly string[];
  /** The address that promotions use. */
  addressOf(repository: string): string;
  /** All there ever were. */
  listRequests(repository: string, state?: 'all' | 'open'): Promise<readonly HostRequest[]>;
  /** Whether it did: not while the host still examines the request, or when that is merged. */
  merge(repository: string, number: number, method: MergeMethod): Promise<boolean>;
  /**
   * Has the host examine an open request again: sends it to another target branch and back. One whose merge it has done and
   * not noted down is told to be merged, as a person would; answers whether it was.
   */
  examine(repository: string, request: HostRequest): Promise<boolean>;
  /** A copy of a repository, to look into. */
  copy(repository: string, folder: string): TestRepository;
  close(): Promise<void>;
}

/** Branch that many requests are merged into. */
export const requestsBranch = 'env/requests';

/** Opens one whose web address is that of the faulty server. Repositories: main, and a branch for requests like it. */
export async function openGitHost(remote: FaultyServer, options: GitHostOptions): Promise<GitHost> {
  const gitea = await openGitea({ config: { server: { ROOT_URL: `${remote.url}/` } } });
  try {
    return await openOn(gitea, remote, options);
  } catch (error) {
    await gitea.close();
    throw error;
  }
}

async function openOn(
  gitea: TestGitea,
  remote: FaultyServer,
  { folder, address, repositories }: GitHostOptions,
): Promise<GitHost> {
  remote.upstream = { origin: gitea.url, paths: /^\/(?:api|root1)\// };
  const addressOf = (repository: string) => `${remote.url}/root1/${repository}.git`;
  const host = new URL(remote.url).host;
  const secret = 'a secret of this run';
  const secrets = join(folder, 'secrets');
  writeSecrets(secrets, secret, repositories, (name) => ({ url: addressOf(name), token: gitea.token }));
  const flags = ['--secrets', secrets, '--git-hosts', `${host}=gitea`];
  const receiver = await openReceiver({ folder, address, host, flags });
  for (const name of repositories) {
    await gitea.createRepository(name);
    await gitea.call('PATCH', `repos/root1/${name}`, { allow_manual_merge: true });
    seed(join(folder, 'seeds'), name, gitea.addressFor(name));
    const config = { url: receiver.url, content_type: 'json', secret };
    const hook = { type: 'gitea', active: true, events: ['pull_request'], config };
    await gitea.call('POST', `repos/root1/${name}/hooks`, hook);
  }

  return {
    receiver,
    flags,
    addressOf,
    async listRequests(repository, state = 'all') {
      const found: HostRequest[] = [];
      for (let page = 1; ; page += 1) {
        const path = `repos/root1/${repository}/pulls?state=${state}&limit=50&page=${page}`;
        const entries = (await gitea.call('GET', path)) as readonly HostRequest[];
        if (entries.length === 0) return found;
        found.push(...entries);
      }
    },
    merge: (repository, number, method) =>
      gitea.call('POST', `repos/root1/${repository}/pulls/${number}/merge`, { Do: method }).then(
        () => true,
        (error: unknown) => {
          // Not mergeable yet, changed meanwhile, or somebody else writes to the database.
          if (error instanceof Error && /: (?:405|409|5\d\d) /.test(error.message)) return false;
          throw error;
        },
      ),
    async examine(repository, { number, base }) {
      const path = `repos/root1/${repository}`;
      const other = `examine-${number}-${Date.now()}`;
      const branch = { new_branch_name: other, old_branch_name: base.ref };
      await gitea.call('POST', `${path}/branches`, branch);
      try {
        for (const target of [other, base.ref])
          await gitea.call('PATCH', `${path}/pulls/${number}`, { base: target });
        return false;
      } catch (error) {
        if (!(error instanceof Error && /branches are equal/.test(error.message))) throw error;
        const { commit } = (await gitea.call(
          'GET',
          `${path}/branches/${encodeURIComponent(base.ref)}`,
        )) as Branch;
        const merged = { Do: 'manually-merged', MergeCommitID: commit.id };
        await gitea.call('POST', `${path}/pulls/${number}/merge`, merged);
        return true;
      } finally {
        await gitea.call('DELETE', `${path}/branches/${other}`);
      }
    },
    copy(repository, to) {
      mkdirSync(to, { recursive: true });
      const copy = createTestRepository(join(to, `${repository}.git`));
      copy.git('fetch', '--quiet', gitea.addressFor(repository), '+refs/heads/*:refs/heads/*');
      return copy;
    },
    async close() {
      await receiver.close();
      await gitea.close();
    },
  };
}

interface Branch {
  readonly commit: { readonly id: string };
}

interface GitHostOptions {
  /** For Secrets and the receiver. */
  readonly folder: string;
  /** Of the Temporal server. */
  readonly address: string;
  /** Each is named after the project whose promotions may write to it. */
  readonly repositories: readonly string[];
}

function seed(folder: string, name: string, address: string): void {
  const repository = [...createRemotes(folder, [name]).values()][0]!;
  repository.git('branch', requestsBranch, 'main');
  repository.git('push', '--quiet', '--force', address, 'main', requestsBranch);
}

function writeSecrets(
  folder: string,
  webhook: string,
  projects: readonly string[],
  accessTo: (project: string) => { readonly url: string; readonly token: string },
): void {
  const labels = { 'kargo.akuity.io/cred-type': 'git' };
  const items = projects.map((namespace) => {
    const { url, token } = accessTo(namespace);
    const stringData = { repoURL: url, username: 'root1', password: token };
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'host', namespace, labels }, stringData };
  });
  const metadata = { name: 'webhooks', namespace: 'kargo-shared-resources' };
  const hooks = { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { gitea: webhook } };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const list = JSON.stringify({ kind: 'List', items: [...items, hooks] });
  writeFileSync(join(folder, 'host.json'), list, { mode: 0o600 });
}
