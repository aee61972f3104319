import type { WebHost } from '../git/commit-url.ts';

/** Git hosts as steps use them: repositories opened with the credentials of the project. */
export interface GitHosts {
  /**
   * The repository at its host. Throws TerminalError when nothing tells which kind of host it is (the message names the
   * field `provider` and the setting), when the host's API cannot be told from the URL, or needs a token that is not there.
   */
  open(repoURL: string, options?: OpenOptions): Promise<HostedRepository>;
}

export interface OpenOptions {
  /** Wins over the operator's host patterns, and these over the host's name. */
  readonly provider?: WebHost;
  /** Take any certificate. */
  readonly skipVerify?: boolean;
  /** Refuse what has no token: nothing can be read, or done, without one. */
  readonly needsToken?: boolean;
}

/**
 * The host wants to be left alone: a limit of requests is reached for longer than an attempt waits. Whoever looks again
 * and again does well to do so after that time.
 */
export class HostBusy extends Error {
  override readonly name = 'HostBusy';
  /** Milliseconds. */
  readonly retryIn: number;

  constructor(message: string, retryIn: number) {
    super(message);
    this.retryIn = retryIn;
  }

  // By name: a step of somebody's own may come with another copy of this package.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'HostBusy' && 'retryIn' in value;
  }
}

/**
 * A repository at a host. Everything here may reject: with TerminalError where the host refuses for good (the message
 * names host, repository, reason and remedy: the missing scope, the expired token), with HostBusy where it names a later
 * time, with any other Error where it may answer better later. Connection errors, 429 and 5xx have then been tried again
 * for up to 30 s; what was sent and may have been carried out is never sent twice. No message holds a secret.
 */
export interface HostedRepository extends PullRequests, CommitStatuses {
  readonly kind: WebHost;
  /**
   * `<host>/<path>` in lower case, without `.git`: the same for every spelling of its URL, and in webhooks. The host is that
   * of its web pages, with its port where that is an unusual one.
   */
  readonly name: string;
  /** Where the host makes commits itself, to sign them: GitHub. */
  readonly commits?: HostedCommits;
  /** Where its webhooks can be set by the API: GitHub, GitLab, Gitea. */
  readonly webhooks?: Webhooks;
}

/** What a repository tells others of its pull requests. */
export interface Webhooks {
  /** Has it told to an address from now on; the webhook that has this address already gets the secret and the events. */
  setWebhook(webhook: Webhook): Promise<'created' | 'updated'>;
}

export interface Webhook {
  readonly url: string;
  /** What deliveries are signed with. */
  readonly secret: string;
}

/** Commits that the host makes of objects it has. */
export interface HostedCommits {
  /** ID of the new commit. Without an author it is the host's, who signs it. */
  makeCommit(commit: NewCommit): Promise<string>;
  /** False when the branch is not where a plain move could begin, or there it should be new. */
  pointBranch(
    branch: string,
    sha: string,
    how: { readonly isNew: boolean; readonly force: boolean },
  ): Promise<boolean>;
  /** Full name: `refs/kargo/staging/x`. One that is not there is well. */
  removeRef(ref: string): Promise<void>;
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author?: CommitPerson;
  readonly committer?: CommitPerson;
}

export interface CommitPerson {
  readonly name: string;
  readonly email: string;
  /** ISO 8601. */
  readonly date: string;
}

/** Pull requests of one repository; GitLab's merge requests too. */
export interface PullRequests {
  /** Those from one branch to another, newest first: open ones at least. */
  findPullRequests(query: PullRequestQuery): Promise<readonly PullRequest[]>;
  /** Opens one; labels, assignees and reviewers included. An error after it was opened leaves it open: the next call finds it. */
  openPullRequest(request: NewPullRequest): Promise<PullRequest>;
  /** Undefined when there is none of that number. */
  readPullRequest(number: number): Promise<PullRequest | undefined>;
  /** All that are open, in as few requests as the host allows: one listing serves many who wait. */
  listOpenPullRequests(): Promise<readonly PullRequest[]>;
  /** Merges, or says why not; an already merged one counts as merged. */
  mergePullRequest(number: number, options?: MergeOptions): Promise<MergeEnd>;
}

export interface PullRequestQuery {
  readonly source: string;
  readonly target: string;
}

/** One pull request, as its host told it last. */
export interface PullRequest {
  /** What people see: GitLab's `iid`, Azure DevOps' `pullRequestId`. */
  readonly number: number;
  /** Its web page. */
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly isDraft: boolean;
  /** Waits in a merge queue or for its checks, to be merged by the host. */
  readonly isQueued: boolean;
  /** Branch names without `refs/heads/`; the source of a merged one may be gone. */
  readonly source: string;
  readonly target: string;
  readonly headCommit?: string;
  /** Of a merged one, where the host tells. */
  readonly mergeCommit?: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface NewPullRequest extends PullRequestQuery {
  readonly title: string;
  readonly description: string;
  readonly labels?: readonly string[];
  /** User names of the host. */
  readonly assignees?: readonly string[];
  readonly reviewers?: readonly string[];
  readonly isDraft?: boolean;
}

export interface MergeOptions {
  /** A method of the host, see `mergeMethods`; absent = what the repository prefers. */
  readonly method?: string;
  /** Refuse when the head has moved on since. */
  readonly headCommit?: string;
}

/**
 * How an attempt to merge ended. `waiting`: may become possible by itself (checks, approvals, a queue, a draft).
 * `refused`: somebody has to change something.
 */
export type MergeEnd =
  | { readonly kind: 'merged'; readonly commit?: string }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** What stands beside a commit at the host. */
export interface CommitStatuses {
  writeCommitStatus(status: CommitStatus): Promise<void>;
  /** The newest of each context. */
  readCommitStatuses(commit: string): Promise<readonly CommitStatus[]>;
}

export interface CommitStatus {
  readonly commit: string;
  /** Whose it is, such as `gantry/demo/test`. */
  readonly context: string;
  readonly state: 'pending' | 'success' | 'failure';
  readonly description?: string;
  readonly url?: string;
}

/** What `mergeMethod` may be, by host. */
export const mergeMethods: Readonly<Record<WebHost, readonly string[]>> = {
  azure: ['noFastForward', 'squash', 'rebase', 'rebaseMerge'],
  bitbucket: ['merge_commit', 'squash', 'fast_forward'],
  gitea: ['merge', 'squash', 'rebase', 'rebase-merge', 'fast-forward-only', 'manually-merged'],
  github: ['merge', 'squash', 'rebase'],
  gitlab: ['merge', 'squash'],
};
