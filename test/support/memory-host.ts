import type {
  CommitStatus,
  GitHosts,
  HostedRepository,
  MergeEnd,
  NewPullRequest,
  OpenOptions,
  PullRequest,
  PullRequestQuery,
} from '../../src/providers/git-hosts/git-host.ts';

/** A Git host in memory, with one repository; what happens to its requests, tests say. */
export class MemoryHost implements GitHosts, HostedRepository {
  readonly kind = 'github';
  readonly name = 'github.com/acme/ops';
  readonly requests = new Map<number, PullRequest>();
  /** What it was asked, in order. */
  readonly calls: string[] = [];
  /** How it was opened, each time. */
  readonly opened: (OpenOptions & { readonly repoURL: string })[] = [];
  readonly created: NewPullRequest[] = [];
  readonly statuses: CommitStatus[] = [];
  /** Called before a request is answered, by the name of the call; may throw. */
  before: (call: string) => void = () => undefined;
  /** Called after it was carried out. */
  after: (call: string) => void = () => undefined;
  mergeEnd: MergeEnd = { kind: 'merged', commit: 'feedface' };

  async open(repoURL: string, options: OpenOptions = {}): Promise<HostedRepository> {
    this.opened.push({ repoURL, ...options });
    return this;
  }

  /** Adds a request as a user of the host does. */
  add(request: Partial<PullRequest> = {}): PullRequest {
    const number = request.number ?? this.requests.size + 7;
    const made: PullRequest = {
      number,
      url: `https://${this.name}/pull/${number}`,
      state: 'open',
      isDraft: false,
      isQueued: false,
      source: 'promo',
      target: 'main',
      createdAt: new Date(1_700_000_000_000 + number * 1000).toISOString(),
      ...request,
    };
    this.requests.set(number, made);
    return made;
  }

  change(number: number, change: Partial<PullRequest>): void {
    this.requests.set(number, { ...this.requests.get(number)!, ...change });
  }

  async findPullRequests({ source, target }: PullRequestQuery): Promise<readonly PullRequest[]> {
    return this.#answer('find', () =>
      [...this.requests.values()]
        .filter((one) => one.source === source && one.target === target)
        .toSorted((one, other) => other.createdAt.localeCompare(one.createdAt)),
    );
  }

  async openPullRequest(request: NewPullRequest): Promise<PullRequest> {
    const { source, target, isDraft = false } = request;
    return this.#answer('open', () => {
      this.created.push(request);
      return this.add({ source, target, isDraft });
    });
  }

  async readPullRequest(number: number): Promise<PullRequest | undefined> {
    return this.#answer('read', () => this.requests.get(number));
  }

  async listOpenPullRequests(): Promise<readonly PullRequest[]> {
    return this.#answer('list', () => [...this.requests.values()].filter(({ state }) => state === 'open'));
  }

  async mergePullRequest(number: number, { method = '' } = {}): Promise<MergeEnd> {
    return this.#answer(`merge ${number} ${method}`.trim(), () => this.mergeEnd);
  }

  async writeCommitStatus(status: CommitStatus): Promise<void> {
    return this.#answer('status', () => void this.statuses.push(status));
  }

  async readCommitStatuses(commit: string): Promise<readonly CommitStatus[]> {
    return this.statuses.filter((status) => status.commit === commit);
  }

  #answer<T>(call: string, work: () => T): T {
    this.calls.push(call);
    this.before(call);
    const answer = work();
    this.after(call);
    return answer;
  }
}
