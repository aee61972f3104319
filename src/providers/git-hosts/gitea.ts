import { TerminalError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { findText, numberAt, objectsAt, textAt } from './answer-fields.ts';
import type {
  CommitStatus,
  HostedRepository,
  NewPullRequest,
  PullRequest,
  PullRequestQuery,
} from './git-host.ts';
import type { HostParts, HostToken } from './git-hosts.ts';
import { mergeAtGitea } from './gitea-merge.ts';
import { findRequest } from './find-request.ts';
import { readRequest } from './gitea-pull-request.ts';
import { createGiteaWebhooks } from './gitea-webhooks.ts';
import type { HostAnswer, HostDialect } from './host-request.ts';
import type { HostPlace } from './host-place.ts';
import type { HostSession } from './session.ts';

/** A repository at Gitea or Forgejo, which may lie under a path of its host. */
export function openGiteaRepository({ place, token, openSession, signal }: HostParts): HostedRepository {
  const { name, apiURL, repository } = placesOf(place);
  const session = openSession({ name, apiURL, dialect: dialectFor(token) });
  const root = `repos/${repository}`;
  return {
    kind: 'gitea',
    name,
    webhooks: createGiteaWebhooks(session, root),
    findPullRequests: (query) => findPullRequests(session, root, query),
    openPullRequest: (request) => openPullRequest(session, root, request),
    readPullRequest: (number) => findRequest(session, root, number, readRequest),
    async listOpenPullRequests() {
      const query = { state: 'open', sort: 'recentupdate', limit: 50 };
      const found = await session.list({
        method: 'GET',
        path: `${root}/pulls`,
        query,
        purpose: 'listing its pull requests',
      });
      return found.map(readRequest);
    },
    mergePullRequest: (number, options = {}) => mergeAtGitea({ session, root, signal }, number, options),
    async writeCommitStatus({ commit, context, state, description, url }) {
      await session.ask({
        method: 'POST',
        path: `${root}/statuses/${commit}`,
        body: { context, state, ...(description && { description }), ...(url && { target_url: url }) },
        purpose: `writing the status of ${commit.slice(0, 8)}`,
      });
    },
    async readCommitStatuses(commit) {
      const purpose = `reading the statuses of ${commit.slice(0, 8)}`;
      const { body } = await session.ask({
        method: 'GET',
        path: `${root}/commits/${commit}/status`,
        purpose,
      });
      return objectsAt(body, 'statuses').map((status) => readStatus(commit, status));
    },
  };
}

function placesOf({ origin, host, path, apiURL, repoURL }: HostPlace) {
  const [owner, repository] = path.slice(-2);
  if (owner === undefined || repository === undefined)
    throw new TerminalError(`${repoURL}: a repository of Gitea is called OWNER/NAME`);
  const prefix = path
    .slice(0, -2)
    .map((part) => `/${part}`)
    .join('');
  return {
    name: `${host}/${path.join('/')}`.toLowerCase(),
    apiURL: apiURL ?? `${origin}${prefix}/api/v1`,
    repository: `${encodeURIComponent(owner)}/${encodeURIComponent(repository)}`,
  };
}

/** A password does as well as a token where there is a user name. */
function dialectFor(token: HostToken | undefined): HostDialect {
  const { username, password } = token ?? {};
  const pair = Buffer.from(`${username}:${password}`).toString('base64');
  const authorization = username ? `Basic ${pair}` : `token ${password}`;
  return {
    headers: password === undefined ? {} : { authorization },
    missingScope(answer) {
      const [, scope] = /required=\[([^\]]+)\]/.exec(findText(answer.body, 'message') ?? '') ?? [];
      return answer.status === 403 && scope !== undefined ? `the scope ${scope}` : undefined;
    },
  };
}

async function findPullRequests(
  session: HostSession,
  root: string,
  { source, target }: PullRequestQuery,
): Promise<readonly PullRequest[]> {
  // Older versions do not know the filter.
  const query = { state: 'open', limit: 50, base_branch: target };
  const purpose = `looking for a pull request from ${source} to ${target}`;
  const found = await session.list({ method: 'GET', path: `${root}/pulls`, query, purpose });
  return found
    .filter((body) => !isFromFork(body))
    .map(readRequest)
    .filter((request) => request.source === source && request.target === target)
    .toSorted((one, other) => other.number - one.number);
}

async function openPullRequest(
  session: HostSession,
  root: string,
  request: NewPullRequest,
): Promise<PullRequest> {
  const { source, target, title, description, labels = [], assignees, reviewers, isDraft } = request;
  const ids = labels.length === 0 ? [] : await labelIDs(session, root, labels);
  const sent = {
    method: 'POST',
    path: `${root}/pulls`,
    body: {
      head: source,
      base: target,
      title: isDraft && !/^(?:WIP:|\[WIP\])/i.test(title) ? `WIP: ${title}` : title,
      body: description,
      ...(ids.length > 0 && { labels: ids }),
      ...(assignees && { assignees }),
      ...(reviewers && { reviewers }),
    },
    purpose: `opening a pull request from ${source} to ${target}`,
  } as const;
  const answer = await session.ask(sent, [409]);
  if (answer.status !== 409) return readRequest(answer.body);
  const [existing] = await findPullRequests(session, root, request);
  if (existing) return existing;
  throw session.refusal(sent, answer);
}

/** Ids of labels by name; those that nobody has made yet are made. */
async function labelIDs(
  session: HostSession,
  root: string,
  names: readonly string[],
): Promise<readonly number[]> {
  const path = `${root}/labels`;
  const query = { limit: 50 };
  const known = await session.list({ method: 'GET', path, query, purpose: 'reading its labels' });
  const ids = new Map(known.map((label) => [textAt(label, 'name').toLowerCase(), numberAt(label, 'id')]));
  const found: number[] = [];
  for (const name of new Set(names)) {
    const id = ids.get(name.toLowerCase()) ?? (await createLabel(session, path, name));
    found.push(id);
  }
  return found;
}

async function createLabel(session: HostSession, path: string, name: string): Promise<number> {
  const body = { name, color: '#ededed' };
  const purpose = `making the label ${JSON.stringify(name)}`;
  return numberAt((await session.ask({ method: 'POST', path, body, purpose })).body, 'id');
}

function isFromFork(body: HostAnswer['body']): boolean {
  const [head, base] = [
    findText(body, 'head', 'repo', 'full_name'),
    findText(body, 'base', 'repo', 'full_name'),
  ];
  return head !== base;
}

function readStatus(commit: string, status: JsonObject): CommitStatus {
  const [description, url] = [findText(status, 'description'), findText(status, 'target_url')];
  return {
    commit,
    context: textAt(status, 'context'),
    state: states[textAt(status, 'status')] ?? 'failure',
    ...(description !== undefined && { description }),
    ...(url !== undefined && { url }),
  };
}

const states: Readonly<Record<string, CommitStatus['state']>> = {
  pending: 'pending',
  success: 'success',
  warning: 'success',
  skipped: 'success',
};
