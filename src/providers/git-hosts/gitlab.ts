import { TerminalError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { findText, numberAt, textAt } from './answer-fields.ts';
import type { NewPullRequest, PullRequest, PullRequestQuery } from './git-host.ts';
import type { HostToken, OpenRepository } from './git-hosts.ts';
import { mergeMergeRequest } from './gitlab-merge.ts';
import { isFromFork, readMergeRequest } from './gitlab-merge-request.ts';
import { GitLabProject } from './gitlab-project.ts';
import { readStatuses, writeStatus } from './gitlab-statuses.ts';
import { createGitLabWebhooks } from './gitlab-webhooks.ts';
import type { HostPlace } from './host-place.ts';
import type { HostDialect } from './host-request.ts';

/** A project of GitLab, of the service or of somebody's own, with its merge requests. */
export const openGitLab: OpenRepository = ({ place, token, openSession }) => {
  const { apiURL, path, name } = readAddress(place);
  const project = new GitLabProject(openSession({ name, apiURL, dialect: dialectFor(token) }), path);
  return {
    kind: 'gitlab',
    name,
    webhooks: createGitLabWebhooks(project),
    findPullRequests: (query) => find(project, query),
    openPullRequest: (request) => open(project, request),
    async readPullRequest(number) {
      const found = await project.findMergeRequest(number);
      return found === undefined ? undefined : readMergeRequest(found);
    },
    listOpenPullRequests: async () => (await listOpen(project)).map(readMergeRequest),
    mergePullRequest: (number, options = {}) => mergeMergeRequest(project, number, options),
    writeCommitStatus: (status) => writeStatus(project, status),
    readCommitStatuses: (commit) => readStatuses(project, commit),
  };
};

/** Below a path the operator names the API, and what stands before `api/v4` is no group. */
function readAddress({ host, origin, path, apiURL = `${origin}/api/v4` }: HostPlace) {
  const context = new URL(apiURL).pathname
    .replace(/\/?api\/v4$/, '')
    .split('/')
    .filter(Boolean);
  const isBelow = context.every((part, at) => path[at] === part);
  const project = (isBelow ? path.slice(context.length) : path).join('/');
  return { apiURL, path: project, name: `${host}/${project}`.toLowerCase() };
}

/** Personal, project and group tokens, and those of OAuth: GitLab takes them all like this. */
function dialectFor(token: HostToken | undefined): HostDialect {
  return {
    headers: token ? { authorization: `Bearer ${token.password}` } : {},
    missingScope({ status, body }) {
      if (status !== 403 || findText(body, 'error') !== 'insufficient_scope') return undefined;
      return `the scope ${findText(body, 'scope') ?? 'api'}`;
    },
  };
}

/** Those from forks are left out: their branches only look like ours. */
async function find(
  project: GitLabProject,
  { source, target }: PullRequestQuery,
): Promise<readonly PullRequest[]> {
  const all = await listOpen(project, { source_branch: source, target_branch: target });
  return all.filter((found) => !isFromFork(found)).map(readMergeRequest);
}

async function listOpen(
  project: GitLabProject,
  filter: Readonly<Record<string, string>> = {},
): Promise<readonly Json[]> {
  const query = { state: 'opened', order_by: 'created_at', sort: 'desc', per_page: 100, ...filter };
  const purpose = 'listing open merge requests';
  return project.list({ method: 'GET', path: 'merge_requests', query, purpose });
}

async function open(project: GitLabProject, request: NewPullRequest): Promise<PullRequest> {
  const body = await describe(project, request);
  const call = { method: 'POST', path: 'merge_requests', body, purpose: 'opening a merge request' } as const;
  const answer = await project.ask(call, [409]);
  if (answer.status === 409) {
    // Somebody, or a request whose answer was lost, was faster.
    const [found] = await find(project, request);
    if (found) return found;
    throw project.refusal(call, answer);
  }
  checkLabels(request.labels ?? [], answer.body);
  return readMergeRequest(answer.body!);
}

async function describe(project: GitLabProject, request: NewPullRequest): Promise<JsonObject> {
  const { source, target, title, description, labels = [], assignees = [], reviewers = [] } = request;
  const people = await findUsers(project, [...assignees, ...reviewers]);
  const idsOf = (names: readonly string[]): readonly number[] => names.map((name) => people.get(name)!);
  return {
    source_branch: source,
    target_branch: target,
    title: `${request.isDraft ? 'Draft: ' : ''}${title}`.slice(0, longestTitle),
    description,
    ...(labels.length > 0 && { labels: labels.join(',') }),
    ...(assignees.length > 0 && { assignee_ids: idsOf(assignees) }),
    ...(reviewers.length > 0 && { reviewer_ids: idsOf(reviewers) }),
  };
}

const longestTitle = 255;

/** All unknown names are told at once. */
async function findUsers(
  project: GitLabProject,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  for (const username of new Set(names)) {
    const [found] = await project.findUsers(username);
    if (found) ids.set(username, numberAt(found, 'id'));
  }
  const unknown = [...new Set(names)].filter((name) => !ids.has(name));
  if (unknown.length === 0) return ids;
  throw new TerminalError(`GitLab knows no user ${unknown.join(', ')}: write names as in their profiles`);
}

/** GitLab makes labels on the fly, and leaves out in silence what the token may not make. */
function checkLabels(wanted: readonly string[], mergeRequest: Json | undefined): void {
  const { labels } = (mergeRequest ?? {}) as { readonly labels?: readonly string[] };
  const set = new Set((labels ?? []).map((label) => label.toLowerCase()));
  const lost = wanted.filter((label) => !set.has(label.toLowerCase()));
  if (lost.length === 0) return;
  const [names, url] = [
    lost.map((label) => JSON.stringify(label)).join(', '),
    textAt(mergeRequest, 'web_url'),
  ];
  throw new TerminalError(
    `${url} is open, but GitLab did not label it ${names}: make the labels, or give the token the role Reporter`,
  );
}
