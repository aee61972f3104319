/** Answers in GitHub's own form, with the pages that describe them; fields that nobody here reads are left out. */

export interface WireRequest {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  draft: boolean;
  merged: boolean;
  readonly head: string;
  readonly base: string;
  readonly created: string;
  mergeCommit: string | null;
  readonly labels: string[];
  readonly assignees: string[];
  readonly reviewers: string[];
  autoMerge: boolean;
}

export interface WirePlace {
  /** Address of the web pages. */
  readonly web: string;
  readonly owner: string;
  readonly name: string;
}

/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests: without `merged`, `mergeable` and `mergeable_state`. */
export function listedPullRequest(
  { web, owner, name }: WirePlace,
  request: WireRequest,
  headSha: string,
): object {
  const { number, title, body, state, draft, head, base, created, mergeCommit, merged, autoMerge } = request;
  const repo = { full_name: `${owner}/${name}`, name, owner: { login: owner } };
  return {
    url: `${web}/api/v3/repos/${owner}/${name}/pulls/${number}`,
    id: 1000 + number,
    node_id: `PR_${number}`,
    html_url: `${web}/${owner}/${name}/pull/${number}`,
    number,
    state,
    locked: false,
    title,
    user: { login: 'octocat', id: 1, type: 'User' },
    body,
    labels: request.labels.map((label, index) => ({
      id: index,
      name: label,
      color: 'f29513',
      default: false,
    })),
    assignees: request.assignees.map((login) => ({ login })),
    requested_reviewers: request.reviewers.map((login) => ({ login })),
    created_at: created,
    updated_at: created,
    closed_at: state === 'closed' ? created : null,
    merged_at: merged ? created : null,
    merge_commit_sha: mergeCommit ?? 'e5bd3914e2e596debea16f433f57875b5b90bcd6',
    head: { label: `${owner}:${head}`, ref: head, sha: headSha, repo },
    base: { label: `${owner}:${base}`, ref: base, sha: headSha, repo },
    author_association: 'OWNER',
    auto_merge: autoMerge ? { enabled_by: { login: 'octocat' }, merge_method: 'merge' } : null,
    draft,
  };
}

/** https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request */
export function fullPullRequest(
  place: WirePlace,
  request: WireRequest,
  headSha: string,
  mergeableState: string,
): object {
  const isKnown = mergeableState !== 'unknown';
  return {
    ...listedPullRequest(place, request, headSha),
    merged: request.merged,
    mergeable: isKnown ? mergeableState !== 'dirty' : null,
    rebaseable: isKnown ? true : null,
    mergeable_state: mergeableState,
    merged_by: request.merged ? { login: 'octocat' } : null,
    comments: 0,
    commits: 1,
    changed_files: 1,
  };
}

/** https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference */
export function combinedStatus(
  sha: string,
  statuses: readonly WireStatus[],
  page: readonly WireStatus[],
): object {
  const newest = statuses.map(({ state }) => state);
  return {
    state: newest.includes('failure') ? 'failure' : newest.length > 0 ? 'success' : 'pending',
    statuses: page.map((status, id) => ({ id, ...status, created_at: '2026-03-01T12:00:00Z' })),
    sha,
    total_count: statuses.length,
  };
}

export interface WireStatus {
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly target_url: string | null;
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
export function problem(message: string, status: number, errors?: readonly object[]): object {
  const page = 'https://docs.github.com/rest';
  return { message, ...(errors && { errors }), documentation_url: page, status: String(status) };
}

/** https://docs.github.com/en/rest/git/refs#get-a-reference */
export function reference(ref: string, sha: string): object {
  return { ref, node_id: 'REF_1', url: `https://api.github.com/${ref}`, object: { type: 'commit', sha } };
}

export interface WireCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: WirePerson;
  readonly committer: WirePerson;
}

export interface WirePerson {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

/** https://docs.github.com/en/rest/git/commits#create-a-commit */
export function gitCommit(
  { sha, tree, parents, message, author, committer }: WireCommit,
  verified: boolean,
): object {
  return {
    sha,
    node_id: 'C_1',
    author,
    committer,
    message,
    tree: { sha: tree },
    parents: parents.map((parent) => ({ sha: parent })),
    verification: { verified, reason: verified ? 'valid' : 'unsigned', signature: null, payload: null },
  };
}

/** https://docs.github.com/en/rest/commits/commits#compare-two-commits */
export function comparison(
  parts: {
    readonly base: WireCommit;
    readonly mergeBase: string | undefined;
    readonly ahead: number;
    readonly behind: number;
  },
  commits: readonly WireCommit[],
): object {
  const { base, mergeBase, ahead, behind } = parts;
  const status = ahead === 0 ? (behind === 0 ? 'identical' : 'behind') : behind === 0 ? 'ahead' : 'diverged';
  return {
    status,
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    base_commit: listed(base),
    merge_base_commit: { sha: mergeBase },
    commits: commits.map(listed),
    files: [],
  };
}

function listed({ sha, tree, parents, ...commit }: WireCommit): object {
  return {
    sha,
    commit: { ...commit, tree: { sha: tree } },
    parents: parents.map((parent) => ({ sha: parent })),
  };
}

/** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
export function installationToken(token: string, expires: Date): object {
  return {
    token,
    expires_at: expires.toISOString().replace(/\.\d+Z$/, 'Z'),
    permissions: { contents: 'write', metadata: 'read', pull_requests: 'write' },
    repository_selection: 'selected',
  };
}
