import { TerminalError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { findText, objectsAt, textAt } from './answer-fields.ts';
import type { BitbucketAddress } from './bitbucket-address.ts';
import { CloudRepository } from './bitbucket-cloud-repository.ts';
import { mergeInCloud } from './bitbucket-cloud-merge.ts';
import { isBetween, readPullRequest } from './bitbucket-cloud-pull-request.ts';
import { readStatuses, writeStatus } from './bitbucket-cloud-statuses.ts';
import { authorizationOf, refuseUnknown } from './bitbucket-rules.ts';
import type { HostedRepository, NewPullRequest, PullRequest, PullRequestQuery } from './git-host.ts';
import type { HostParts, HostToken } from './git-hosts.ts';
import type { HostDialect } from './host-request.ts';

export function openCloudRepository(
  { token, openSession, signal }: HostParts,
  { owner, slug, apiURL, webURL, name }: BitbucketAddress,
): HostedRepository {
  const session = openSession({ name, apiURL, dialect: dialectFor(token) });
  const repository = new CloudRepository(session, { owner, slug });
  return {
    kind: 'bitbucket',
    name,
    findPullRequests: (query) => find(repository, query),
    openPullRequest: (request) => open(repository, request),
    async readPullRequest(number) {
      const found = await repository.findPullRequest(number);
      return found === undefined ? undefined : repository.complete(readPullRequest(found));
    },
    listOpenPullRequests: async () => (await listOpen(repository)).map(withoutHead),
    mergePullRequest: (number, options = {}) => mergeInCloud(repository, number, options, signal),
    writeCommitStatus: (status) => writeStatus(repository, status, webURL),
    readCommitStatuses: (commit) => readStatuses(repository, commit),
  };
}

function dialectFor(token: HostToken | undefined): HostDialect {
  return {
    headers: token ? { authorization: authorizationOf(token) } : {},
    missingScope({ status, body }) {
      if (status !== 403) return undefined;
      const wanted = objectsOrTexts(body, 'required');
      return wanted.length > 0 ? `the scope ${wanted.join(', ')}` : undefined;
    },
  };
}

/** `{"error": {"detail": {"required": ["pullrequest:write"]}}}` */
function objectsOrTexts(body: Json | undefined, key: string): readonly string[] {
  const { error } = (body ?? {}) as { readonly error?: { readonly detail?: JsonObject } };
  const found = error?.detail?.[key];
  return Array.isArray(found) ? (found as readonly Json[]).map(String) : [];
}

async function find(repository: CloudRepository, query: PullRequestQuery): Promise<readonly PullRequest[]> {
  const filter = `source.branch.name = ${quote(query.source)} AND destination.branch.name = ${quote(query.target)}`;
  const all = await listOpen(repository, filter);
  const found = all.filter((answer) => isBetween(answer, query)).map(readPullRequest);
  return Promise.all(found.map((one) => repository.complete(one)));
}

/** Newest first. */
function listOpen(repository: CloudRepository, filter?: string): Promise<readonly Json[]> {
  const q = ['state = "OPEN"', ...(filter === undefined ? [] : [filter])].join(' AND ');
  return repository.list({
    method: 'GET',
    path: 'pullrequests',
    query: { q, sort: '-created_on', pagelen: 50 },
    purpose: 'listing open pull requests',
  });
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Bitbucket shortens commits; looking each up would cost a request of its own. */
function withoutHead(answer: Json): PullRequest {
  const { headCommit: _, ...rest } = readPullRequest(answer);
  return rest;
}

async function open(repository: CloudRepository, request: NewPullRequest): Promise<PullRequest> {
  const { source, target, title, description, reviewers = [] } = request;
  refuseUnknown(request);
  // Nothing promises that a second one between the same branches is refused.
  const [found] = await find(repository, request);
  if (found) return found;
  const people = await findPeople(repository, reviewers);
  const { body } = await repository.ask({
    method: 'POST',
    path: 'pullrequests',
    body: {
      title: title.slice(0, 255),
      description,
      source: { branch: { name: source } },
      destination: { branch: { name: target } },
      draft: request.isDraft ?? false,
      ...(people.length > 0 && { reviewers: people.map((uuid) => ({ uuid })) }),
    },
    purpose: 'opening a pull request',
  });
  return repository.complete(readPullRequest(body ?? null));
}

/** Members of the workspace by nickname, name or account; all unknown names are told at once. */
async function findPeople(repository: CloudRepository, names: readonly string[]): Promise<readonly string[]> {
  const members = names.every(isUUID) ? [] : await repository.listMembers();
  const found = names.map((name) => (isUUID(name) ? name : findMember(members, name)));
  const unknown = names.filter((_, at) => found[at] === undefined);
  if (unknown.length === 0) return found as readonly string[];
  throw new TerminalError(
    `the workspace of Bitbucket has no member ${unknown.join(', ')}: name reviewers by nickname, account id or {uuid}`,
  );
}

function findMember(members: readonly Json[], name: string): string | undefined {
  const users = members.flatMap((member) => objectsAt([(member as JsonObject)['user'] ?? null]));
  for (const key of ['account_id', 'nickname', 'display_name']) {
    const same = users.filter((user) => findText(user, key) === name);
    if (same.length === 1) return textAt(same[0], 'uuid');
  }
  return undefined;
}

function isUUID(name: string): boolean {
  return /^\{[0-9a-f-]{36}\}$/i.test(name);
}
