import { valueAt, type Json, type JsonObject } from '../../../src/core/json.ts';
import {
  like,
  pageOf,
  readDocumentation,
  Refused,
  serveDocumented,
  textIn,
  type Asked,
  type DocumentedServer,
  type Handler,
} from './documented-server.ts';
import { HostedTestRepository, type TestRequest } from './hosted-repository.ts';

/** An Azure DevOps with one repository, on loopback. */
export interface AzureServer extends DocumentedServer {
  readonly repository: HostedTestRepository;
}

/**
 * Starts it. Obstacles are values of `mergeStatus`; besides, `policy` refuses to complete, `late policy` only afterwards,
 * `slow` completes at the third look.
 */
export async function openAzureServer(): Promise<AzureServer> {
  const repository = new HostedTestRepository('Platform/ops');
  const documentation = readDocumentation('azure');
  const example = documentation.calls['read pull request']!.answer.body!;
  const looks = new Map<number, number>();
  const show = (request: TestRequest): JsonObject => showRequest(repository, request, example, looks);

  const handlers: Readonly<Record<string, Handler>> = {
    'list pull requests': ({ query }) => {
      const fits = ({ source, target }: TestRequest): boolean =>
        (query.get('searchCriteria.sourceRefName') ?? refOf(source)) === refOf(source) &&
        (query.get('searchCriteria.targetRefName') ?? refOf(target)) === refOf(target);
      const [skip, top] = [Number(query.get('$skip') ?? 0), Number(query.get('$top') ?? 101)];
      const { page } = pageOf(repository.openOnes(fits), skip, top);
      return { body: { value: page.map(show), count: page.length } };
    },
    'read pull request': (asked) => {
      const request = find(repository, asked);
      proceed(repository, request, looks);
      return { body: show(request) };
    },
    'open pull request': ({ body }) => ({ body: show(open(repository, body)) }),
    'update pull request': (asked) => {
      const request = find(repository, asked);
      complete(repository, request, asked.body, looks);
      return { body: show(request) };
    },
    'find identities': ({ query }, identity) => {
      const name = query.get('filterValue') ?? '';
      const found = repository.users.filter(
        (user) => `${user}@example.com` === name || user.startsWith(name),
      );
      const value = found.map((user) =>
        like(identity, { id: idOf(repository.users.indexOf(user)), providerDisplayName: user }),
      );
      return { body: { count: value.length, value } };
    },
    'write status': ({ params, body }) => {
      const { description, targetUrl, context } = body;
      const { genre, name } = context as { readonly genre?: string; readonly name: string };
      repository.statuses.push({
        commit: params['commit']!,
        context: `${genre ?? ''} ${name}`,
        state: textIn(body, 'state'),
        ...(typeof description === 'string' && { description }),
        ...(typeof targetUrl === 'string' && { url: targetUrl }),
      });
      return { body: {} };
    },
    'list statuses': ({ params, query }, status) => {
      if (query.get('latestOnly') !== 'true') throw new Error('older statuses are not shown here');
      const value = repository
        .statusesOf(params['commit']!)
        .map(({ context, state, description = null, url = null }) => {
          const [genre, name] = context.split(' ');
          return like(status, {
            context: { name: name!, genre: genre! },
            state,
            description,
            targetUrl: url,
          });
        });
      return { body: { count: value.length, value } };
    },
  };
  const server = await serveDocumented(documentation, handlers, {
    before: (asked) => admit(repository, asked),
  });
  return { ...server, repository };
}

export function idOf(at: number): string {
  return `00000000-0000-4000-8000-00000000000${at}`;
}

function admit(repository: HostedTestRepository, { call, headers, params }: Asked): undefined {
  if (repository.isBusy) throw new Refused('too many requests');
  if (headers['x-tfs-fedauthredirect'] !== 'Suppress')
    throw new Error('a refused token would lead to a page');
  const [user, token = ''] = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':');
  const may = user === '' ? repository.tokens.get(token) : undefined;
  if (!may) throw new Refused('wrong token');
  if (!/^(read|list|find)/.test(call) && may !== 'write') throw new Refused('no permission');
  const { project, repository: name } = params;
  if (name !== undefined && `${project}/${name}` !== repository.path)
    throw new Refused('no repository', { name });
}

function find(repository: HostedTestRepository, { params }: Asked): TestRequest {
  const found = repository.find(params['id']!);
  if (!found) throw new Refused('no pull request');
  return found;
}

function showRequest(
  repository: HostedTestRepository,
  request: TestRequest,
  example: Json,
  looks: ReadonlyMap<number, number>,
): JsonObject {
  const states = { open: 'active', merged: 'completed', closed: 'abandoned' };
  const { number, mergeCommit } = request;
  return like(example, {
    pullRequestId: number,
    title: request.title,
    description: request.description,
    status: states[request.state],
    creationDate: request.createdAt.toISOString(),
    sourceRefName: refOf(request.source),
    targetRefName: refOf(request.target),
    isDraft: request.isDraft,
    lastMergeSourceCommit: { commitId: repository.headOf(request) },
    // Of an active one, this is a trial.
    ...(mergeCommit !== undefined && { lastMergeCommit: { commitId: mergeCommit } }),
    mergeStatus: mergeStatusOf(repository, request, looks),
    autoCompleteSetBy: request.isAutomatic ? { id: idOf(0), displayName: 'Alice' } : null,
    forkSource: request.isFromFork ? { name: 'refs/heads/main' } : null,
    labels: request.labels.map((name) => ({ name, active: true })),
    reviewers: request.reviewers.map((id) => ({ id, vote: 0 })),
  });
}

function mergeStatusOf(
  repository: HostedTestRepository,
  request: TestRequest,
  looks: ReadonlyMap<number, number>,
): string {
  if (request.state === 'open' && looks.has(request.number))
    return request.obstacle === 'late policy' ? 'rejectedByPolicy' : 'queued';
  if (request.state === 'open' && repository.conflicts(request)) return 'conflicts';
  return /^(conflicts|failure|notSet|queued|rejectedByPolicy)$/.test(request.obstacle ?? '')
    ? request.obstacle!
    : 'succeeded';
}

function open(repository: HostedTestRepository, body: JsonObject): TestRequest {
  const [source, target] = ['sourceRefName', 'targetRefName'].map((end) =>
    textIn(body, end).replace('refs/heads/', ''),
  );
  for (const branch of [source!, target!])
    if (!repository.branches.has(branch)) throw new Refused('no branch', { branch });
  const same = (one: TestRequest): boolean =>
    one.source === source && one.target === target && !one.isFromFork;
  if (repository.openOnes(same).length > 0) throw new Refused('open already');
  const texts = (list: Json | undefined, key: string): readonly string[] =>
    (Array.isArray(list) ? (list as readonly Json[]) : []).map((one) => textIn(one, key));
  return repository.open({
    source: source!,
    target: target!,
    title: textIn(body, 'title'),
    description: textIn(body, 'description'),
    isDraft: body['isDraft'] === true,
    labels: texts(body['labels'], 'name'),
    reviewers: texts(body['reviewers'], 'id'),
  });
}

/** Azure DevOps only takes note of it, and merges in its own time. */
function complete(
  repository: HostedTestRepository,
  request: TestRequest,
  body: JsonObject,
  looks: Map<number, number>,
): void {
  const commit = valueAt(body, ['lastMergeSourceCommit', 'commitId']);
  if (body['status'] !== 'completed' || typeof commit !== 'string') throw new Refused('no source commit');
  if (commit !== repository.headOf(request) || request.obstacle === 'stale') throw new Refused('stale');
  if (request.obstacle === 'policy') throw new Refused('policy');
  const method = valueAt(body, ['completionOptions', 'mergeStrategy']);
  request.method = typeof method === 'string' ? method : undefined;
  looks.set(request.number, request.obstacle === 'slow' ? 2 : 1);
}

function proceed(repository: HostedTestRepository, request: TestRequest, looks: Map<number, number>): void {
  const left = looks.get(request.number);
  if (left === undefined || request.obstacle === 'late policy') return;
  looks.set(request.number, left - 1);
  if (left > 1) return;
  repository.merge(request, request.method);
  looks.delete(request.number);
}

function refOf(branch: string): string {
  return `refs/heads/${branch}`;
}
