import type { Json } from '../../core/json.ts';
import { findText, objectsAt } from './answer-fields.ts';
import type { BitbucketAddress } from './bitbucket-address.ts';
import { mergeInDataCenter } from './bitbucket-data-center-merge.ts';
import { isInside, readPullRequest } from './bitbucket-data-center-pull-request.ts';
import { DataCenterRepository } from './bitbucket-data-center-repository.ts';
import { readStatuses, writeStatus } from './bitbucket-data-center-statuses.ts';
import { authorizationOf, refuseUnknown } from './bitbucket-rules.ts';
import type { HostedRepository, NewPullRequest, PullRequest, PullRequestQuery } from './git-host.ts';
import type { HostParts, HostToken } from './git-hosts.ts';
import type { HostDialect } from './host-request.ts';

/** A repository of Bitbucket Data Center. */
export function openDataCenterRepository(
  { token, openSession }: HostParts,
  { owner, slug, apiURL, webURL, name }: BitbucketAddress,
): HostedRepository {
  const session = openSession({ name, apiURL, dialect: dialectFor(token) });
  const repository = new DataCenterRepository(session, { owner, slug });
  const read = (answer: Json): PullRequest => readPullRequest(answer, webURL);
  return {
    kind: 'bitbucket',
    name,
    findPullRequests: async (query) => (await find(repository, query)).map(read),
    openPullRequest: async (request) => read(await open(repository, request)),
    async readPullRequest(number) {
      const found = await repository.findPullRequest(number);
      return found === undefined ? undefined : read(found);
    },
    listOpenPullRequests: async () => (await listOpen(repository)).map(read),
    mergePullRequest: (number, options = {}) => mergeInDataCenter(repository, number, options),
    writeCommitStatus: (status) => writeStatus(repository, status, webURL),
    readCommitStatuses: (commit) => readStatuses(repository, commit),
  };
}

function dialectFor(token: HostToken | undefined): HostDialect {
  return {
    headers: {
      // Else it takes a writing request for one of a page of somebody else's.
      'x-atlassian-token': 'no-check',
      ...(token && { authorization: authorizationOf(token) }),
    },
    missingScope({ status, body }) {
      if (status !== 403) return undefined;
      const said = objectsAt(body, 'errors').map((error) => findText(error, 'message') ?? '');
      return said
        .flatMap((text) => /\b(?:REPO|PROJECT)_[A-Z]+\b/.exec(text) ?? [])
        .map((word) => `the permission ${word}`)[0];
    },
  };
}

async function find(repository: DataCenterRepository, query: PullRequestQuery): Promise<readonly Json[]> {
  const all = await listOpen(repository, { at: `refs/heads/${query.source}`, direction: 'OUTGOING' });
  return all.filter((answer) => isInside(answer, query));
}

function listOpen(
  repository: DataCenterRepository,
  filter: Readonly<Record<string, string>> = {},
): Promise<readonly Json[]> {
  return repository.list({
    method: 'GET',
    path: 'pull-requests',
    query: { state: 'OPEN', order: 'NEWEST', limit: 100, ...filter },
    purpose: 'listing open pull requests',
  });
}

async function open(repository: DataCenterRepository, request: NewPullRequest): Promise<Json> {
  const { source, target, title, description, reviewers = [] } = request;
  refuseUnknown(request);
  const call = {
    method: 'POST',
    path: 'pull-requests',
    body: {
      title: title.slice(0, 255),
      description,
      fromRef: repository.branch(source),
      toRef: repository.branch(target),
      // Servers before 8.18 have none.
      ...(request.isDraft && { draft: true }),
      ...(reviewers.length > 0 && { reviewers: reviewers.map((name) => ({ user: { name } })) }),
    },
    purpose: 'opening a pull request',
  } as const;
  const answer = await repository.ask(call, [409]);
  if (answer.status !== 409) return answer.body ?? null;
  // Somebody, or a request whose answer was lost, was faster.
  const [found] = objectsAt(answer.body, 'errors').flatMap((error) => error['existingPullRequest'] ?? []);
  if (found && isInside(found, request)) return found;
  throw repository.refusal(call, answer);
}
