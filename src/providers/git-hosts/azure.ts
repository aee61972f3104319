import { TerminalError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { findText } from './answer-fields.ts';
import { readAzureAddress } from './azure-address.ts';
import { mergeInAzure } from './azure-merge.ts';
import { findIdentities } from './azure-identities.ts';
import { isFromFork, readPullRequest, refOf } from './azure-pull-request.ts';
import { AzureRepository, typeOf } from './azure-repository.ts';
import { readStatuses, writeStatus } from './azure-statuses.ts';
import type { NewPullRequest, PullRequest, PullRequestQuery } from './git-host.ts';
import type { HostToken, OpenRepository } from './git-hosts.ts';
import type { HostDialect } from './host-request.ts';
import type { HostSession } from './session.ts';

/** A repository of Azure DevOps, of the service or of a Server; it is never open without a token. */
export const openAzure: OpenRepository = ({ place, token, openSession, signal }) => {
  const { apiURL, identitiesURL, webURL, name, ...path } = readAzureAddress(place);
  if (!token) throw missingToken(place.repoURL, webURL);
  const dialect = dialectFor(token);
  const repository = new AzureRepository(openSession({ name, apiURL, dialect }), path);
  const people = openSession({ name, apiURL: identitiesURL, dialect });
  const read = (answer: Json): PullRequest => readPullRequest(answer, webURL);
  return {
    kind: 'azure',
    name,
    findPullRequests: async (query) => (await find(repository, query)).map(read),
    openPullRequest: async (request) => read(await open(repository, people, request)),
    async readPullRequest(number) {
      const found = await repository.findPullRequest(number);
      return found === undefined ? undefined : read(found);
    },
    listOpenPullRequests: async () => (await listOpen(repository)).map(read),
    mergePullRequest: (number, options = {}) => mergeInAzure(repository, number, options, signal),
    writeCommitStatus: (status) => writeStatus(repository, status),
    readCommitStatuses: (commit) => readStatuses(repository, commit),
  };
};

function missingToken(repoURL: string, webURL: string): TerminalError {
  return new TerminalError(
    `${repoURL}: Azure DevOps needs a token, and the project has none for this repository: a Secret with the label ` +
      `kargo.akuity.io/cred-type: git, repoURL ${webURL} and a personal access token with the scope Code (read & write) as password`,
  );
}

/** Personal access tokens go without a user name, those of Entra ID as they are. */
function dialectFor({ password }: HostToken): HostDialect {
  const isOfEntra = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(password);
  const basic = `Basic ${Buffer.from(`:${password}`).toString('base64')}`;
  return {
    // Else a refused token leads to a page where people sign in.
    headers: { authorization: isOfEntra ? `Bearer ${password}` : basic, 'x-tfs-fedauthredirect': 'Suppress' },
    missingScope({ status, body }) {
      if (status !== 401 && status !== 403) return undefined;
      const [, permission] = /need the Git '?(\w+)'? permission/i.exec(findText(body, 'message') ?? '') ?? [];
      return permission && `the permission ${permission}`;
    },
  };
}

/** Those from forks are left out: their branches only look like ours. */
async function find(
  repository: AzureRepository,
  { source, target }: PullRequestQuery,
): Promise<readonly Json[]> {
  const all = await listOpen(repository, {
    'searchCriteria.sourceRefName': refOf(source),
    'searchCriteria.targetRefName': refOf(target),
  });
  return all.filter((answer) => !isFromFork(answer));
}

/** Newest first, as Azure DevOps sorts them. */
function listOpen(
  repository: AzureRepository,
  filter: Readonly<Record<string, string>> = {},
): Promise<readonly Json[]> {
  return repository.list({
    method: 'GET',
    path: 'pullrequests',
    query: { 'searchCriteria.status': 'active', ...filter },
    purpose: 'listing active pull requests',
  });
}

async function open(
  repository: AzureRepository,
  people: HostSession,
  request: NewPullRequest,
): Promise<Json> {
  const body = await describe(people, request);
  const call = { method: 'POST', path: 'pullrequests', body, purpose: 'opening a pull request' } as const;
  const answer = await repository.ask(call, [409]);
  if (answer.status !== 409) return answer.body ?? null;
  // Somebody, or a request whose answer was lost, was faster.
  const [found] = typeOf(answer) === 'GitPullRequestExistsException' ? await find(repository, request) : [];
  if (found !== undefined) return found;
  throw repository.refusal(call, answer);
}

async function describe(people: HostSession, request: NewPullRequest): Promise<JsonObject> {
  const { source, target, title, description, labels = [], assignees = [], reviewers = [] } = request;
  if (assignees.length > 0)
    throw new TerminalError(
      'Azure DevOps has no assignees of pull requests: leave out assignees, or name reviewers',
    );
  const ids = await findIdentities(people, reviewers);
  return {
    sourceRefName: refOf(source),
    targetRefName: refOf(target),
    title: title.slice(0, longestTitle),
    description: shorten(description),
    isDraft: request.isDraft ?? false,
    ...(labels.length > 0 && { labels: labels.map((name) => ({ name })) }),
    ...(ids.length > 0 && { reviewers: ids.map((id) => ({ id })) }),
  };
}

const longestTitle = 400;
const longestDescription = 4_000;

/** What stands at the end leads back to the promotion: the middle goes. */
function shorten(description: string): string {
  if (description.length <= longestDescription) return description;
  const end = description.slice(-500);
  return `${description.slice(0, longestDescription - end.length - 3)}\n…\n${end}`;
}
