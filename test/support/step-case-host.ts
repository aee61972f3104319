import { TerminalError } from '../../src/core/errors.ts';
import type {
  GitHosts,
  HostedRepository,
  NewPullRequest,
  PullRequest,
} from '../../src/providers/git-hosts/git-host.ts';
import type { TestRepository } from './git-repository.ts';

/** A Git host as cases describe it: it answers for every repository. */
export interface CaseHost {
  readonly pullRequests?: readonly CasePullRequest[];
  /** What it fails at. */
  readonly errorOn?: 'list' | 'get' | 'create';
  readonly mergeResult?: 'merged' | 'not-ready' | 'error';
  readonly mergeCommit?: string;
}

interface CasePullRequest {
  readonly id: number;
  readonly source?: string;
  readonly target?: string;
  readonly url: string;
  readonly open?: boolean;
  readonly merged?: boolean;
  readonly mergeCommit?: string;
  readonly createdAt?: string;
}

/** A call as cases write it. */
export interface HostCall {
  readonly call: 'list' | 'create' | 'merge';
  readonly [field: string]: unknown;
}

/** Git hosts that play a case, and note what changes or lists. */
export interface ScriptedHosts {
  readonly hosts: GitHosts;
  readonly calls: readonly HostCall[];
}

/** Knows none. */
const noHosts: GitHosts = {
  open: async (repoURL) => {
    throw new TerminalError(`${repoURL}: nothing tells which kind of Git host this is; set provider`);
  },
};

/** Plays a host; absent = no host is known. Its repositories are read where git finds them, too. */
export function createScriptedHosts(
  given: CaseHost | undefined,
  findRemote: (repoURL: string) => TestRepository | undefined,
): ScriptedHosts {
  const calls: HostCall[] = [];
  if (!given) return { hosts: noHosts, calls };
  const open: GitHosts['open'] = async (repoURL) => new ScriptedRepository(given, calls, findRemote(repoURL));
  return { hosts: { open }, calls };
}

class ScriptedRepository implements HostedRepository {
  readonly kind = 'github';
  readonly name = 'git.example/acme/ops';
  readonly #given: CaseHost;
  readonly #calls: HostCall[];
  readonly #remote: TestRepository | undefined;

  constructor(given: CaseHost, calls: HostCall[], remote: TestRepository | undefined) {
    this.#given = given;
    this.#calls = calls;
    this.#remote = remote;
  }

  async findPullRequests({ source, target }: { readonly source: string; readonly target: string }) {
    this.#calls.push({ call: 'list', headSHA: this.#head(source), source, target });
    this.#mayFail('list');
    const found = this.#all().filter((one) => one.source === source && one.target === target);
    return found.toSorted((one, other) => other.createdAt.localeCompare(one.createdAt));
  }

  async openPullRequest({
    source,
    target,
    title,
    description,
    labels,
  }: NewPullRequest): Promise<PullRequest> {
    this.#calls.push({ call: 'create', description, ...(labels && { labels }), source, target, title });
    this.#mayFail('create');
    return this.#describe({ id: 42, url: 'https://git.example/pr/42', open: true, source, target });
  }

  async readPullRequest(number: number): Promise<PullRequest | undefined> {
    this.#mayFail('get');
    return this.#all().find((one) => one.number === number);
  }

  async listOpenPullRequests(): Promise<readonly PullRequest[]> {
    this.#mayFail('get');
    return this.#all().filter(({ state }) => state === 'open');
  }

  async mergePullRequest(id: number, { method = '' }: { readonly method?: string } = {}) {
    this.#calls.push({ call: 'merge', id, method });
    const { mergeResult, mergeCommit } = this.#given;
    if (mergeResult === 'not-ready') return { kind: 'waiting', reason: 'checks are under way' } as const;
    if (mergeResult !== 'merged') throw new Error('provider says no');
    return { kind: 'merged', ...(mergeCommit && { commit: mergeCommit }) } as const;
  }

  async writeCommitStatus(): Promise<void> {}

  async readCommitStatuses() {
    return [];
  }

  #all(): readonly PullRequest[] {
    return (this.#given.pullRequests ?? []).map((one) => this.#describe(one));
  }

  #describe(one: CasePullRequest): PullRequest {
    const { id, url, source = '', target = 'main', open, merged, mergeCommit, createdAt = '' } = one;
    const headCommit = this.#head(source);
    return {
      number: id,
      url,
      state: merged ? 'merged' : open ? 'open' : 'closed',
      isDraft: false,
      isQueued: false,
      source,
      target,
      ...(headCommit && { headCommit }),
      ...(mergeCommit && { mergeCommit }),
      createdAt,
    };
  }

  #head(branch: string): string | undefined {
    return branch
      ? this.#remote?.git('for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`)
      : undefined;
  }

  #mayFail(what: NonNullable<CaseHost['errorOn']>): void {
    if (this.#given.errorOn === what) throw new Error('provider says no');
  }
}
