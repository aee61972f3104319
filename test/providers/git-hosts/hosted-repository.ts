/** What a host keeps of one repository: branches, pull requests and statuses, without any wire format. */
import { createHash } from 'node:crypto';

type Files = Readonly<Record<string, string>>;

export interface TestBranch {
  readonly commit: string;
  readonly files: Files;
  /** The files of the branch it was made from, as they were then. */
  readonly base: Files;
}

export interface TestRequest {
  readonly number: number;
  readonly source: string;
  readonly target: string;
  readonly title: string;
  readonly description: string;
  readonly createdAt: Date;
  state: 'open' | 'merged' | 'closed';
  isDraft: boolean;
  isFromFork: boolean;
  /** Merged by the host itself some day. */
  isAutomatic: boolean;
  /** Nobody's token may merge it. */
  isForbidden: boolean;
  /** What keeps it from being merged, in the host's own word. */
  obstacle: string | undefined;
  labels: readonly string[];
  assignees: readonly string[];
  reviewers: readonly string[];
  mergeCommit: string | undefined;
  method: string | undefined;
  /** Counts changes. */
  version: number;
}

export interface TestStatus {
  readonly commit: string;
  readonly context: string;
  readonly state: string;
  readonly description?: string;
  readonly url?: string;
}

export interface TestHook {
  readonly id: number;
  url: string;
  secret: string;
}

/** One repository whose branch `main` has one commit. */
export class HostedTestRepository {
  readonly branches = new Map<string, TestBranch>();
  readonly requests: TestRequest[] = [];
  readonly statuses: TestStatus[] = [];
  readonly hooks: TestHook[] = [];
  /** Names of users. */
  readonly users: string[] = ['alice', 'bob'];
  /** What each token may do. */
  readonly tokens = new Map<string, 'read' | 'write'>([
    ['strong-token', 'write'],
    ['weak-token', 'read'],
  ]);
  /** Path or name under which it is known now; older ones lead there. */
  path: string;
  readonly oldPaths: string[] = [];
  /** Refuses everything, as asked for too often. */
  isBusy = false;
  /** Knows signing tokens of webhooks. */
  canSign = true;
  #count = 0;

  constructor(path: string) {
    this.path = path;
    this.commit('main', { 'README.md': 'first\n' });
  }

  /** Puts a commit on a branch, made from `main` when it is new. */
  commit(branch: string, files: Files): string {
    const from = this.branches.get(branch) ?? this.branches.get('main');
    const known = this.branches.get(branch);
    const commit = this.#newCommit();
    const base = known?.base ?? from?.files ?? {};
    this.branches.set(branch, { commit, files: { ...from?.files, ...files }, base });
    for (const request of this.requests) if (request.source === branch) request.version += 1;
    return commit;
  }

  open(
    request: Pick<TestRequest, 'source' | 'target' | 'title' | 'description'> & Partial<TestRequest>,
  ): TestRequest {
    const made: TestRequest = {
      createdAt: new Date(Date.UTC(2026, 2, 2, 9, 0, this.requests.length)),
      state: 'open',
      isDraft: false,
      isFromFork: false,
      isAutomatic: false,
      isForbidden: false,
      obstacle: undefined,
      labels: [],
      assignees: [],
      reviewers: [],
      mergeCommit: undefined,
      method: undefined,
      version: 0,
      ...request,
      number: this.requests.length + 1,
    };
    this.requests.push(made);
    return made;
  }

  find(number: number | string): TestRequest | undefined {
    return this.requests.find((request) => request.number === Number(number));
  }

  /** Newest first. */
  openOnes(filter: (request: TestRequest) => boolean = () => true): readonly TestRequest[] {
    return this.requests.filter((request) => request.state === 'open' && filter(request)).toReversed();
  }

  headOf({ source }: TestRequest): string {
    return this.branches.get(source)?.commit ?? '';
  }

  /** Says whether both sides changed the same file differently. */
  conflicts({ source, target }: TestRequest): boolean {
    const [from, to] = [this.branches.get(source), this.branches.get(target)];
    if (!from || !to) return false;
    return Object.keys(from.files).some(
      (file) =>
        from.files[file] !== from.base[file] &&
        to.files[file] !== from.base[file] &&
        from.files[file] !== to.files[file],
    );
  }

  merge(request: TestRequest, method?: string): void {
    const from = this.branches.get(request.source)!;
    const changed = Object.entries(from.files).filter(([file, text]) => text !== from.base[file]);
    request.mergeCommit = this.commit(request.target, Object.fromEntries(changed));
    request.method = method;
    request.state = 'merged';
    request.version += 1;
  }

  rename(path: string): void {
    this.oldPaths.push(this.path);
    this.path = path;
  }

  /** The newest of each context. */
  statusesOf(commit: string): readonly TestStatus[] {
    const newest = new Map<string, TestStatus>();
    for (const status of this.statuses) if (status.commit === commit) newest.set(status.context, status);
    return [...newest.values()];
  }

  #newCommit(): string {
    return createHash('sha1')
      .update(`${(this.#count += 1)}`)
      .digest('hex');
  }
}
