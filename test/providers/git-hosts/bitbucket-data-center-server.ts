import type { Json, JsonObject } from '../../../src/core/json.ts';
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
  type Reply,
} from './documented-server.ts';
import { HostedTestRepository, type TestRequest } from './hosted-repository.ts';

/** A Bitbucket Data Center with one repository, on loopback. */
export interface DataCenterServer extends DocumentedServer {
  readonly repository: HostedTestRepository;
}

/** Starts it. An obstacle is the text of a veto; `late veto` is told only when merging, `race` changes the request then. */
export async function openDataCenterServer(below = ''): Promise<DataCenterServer> {
  const repository = new HostedTestRepository('ACME/ops');
  const documentation = readDocumentation('bitbucket-data-center');
  const example = documentation.calls['read pull request']!.answer.body!;
  const show = (request: TestRequest, { origin }: Asked): JsonObject =>
    showRequest(repository, request, example, origin);

  const handlers: Readonly<Record<string, Handler>> = {
    'list pull requests': (asked) => {
      const [at, direction] = [asked.query.get('at'), asked.query.get('direction') ?? 'INCOMING'];
      const fits = ({ source, target }: TestRequest): boolean =>
        at === null || at === `refs/heads/${direction === 'OUTGOING' ? source : target}`;
      return paged(
        asked,
        repository.openOnes(fits).map((request) => show(request, asked)),
      );
    },
    'read pull request': (asked) => ({ body: show(find(repository, asked), asked) }),
    'open pull request': (asked) => open(repository, asked, show),
    'ask for merging': (asked, found) => {
      const request = find(repository, asked);
      const conflicted = repository.conflicts(request);
      const veto = /^(late veto|race)$/.test(request.obstacle ?? 'race') ? undefined : request.obstacle;
      const vetoes = veto === undefined ? [] : [{ summaryMessage: veto, detailedMessage: veto }];
      return {
        body: like(found, {
          canMerge: !conflicted && !veto,
          conflicted,
          outcome: conflicted ? 'CONFLICTED' : 'CLEAN',
          vetoes,
        }),
      };
    },
    merge: (asked) => {
      const request = find(repository, asked);
      if (request.obstacle === 'race') request.version += 1;
      if (Number(asked.query.get('version')) !== request.version) throw new Refused('out of date');
      if (request.obstacle) throw new Refused('vetoed', { summary: request.obstacle });
      const { strategyId } = asked.body;
      repository.merge(request, typeof strategyId === 'string' ? strategyId : undefined);
      return { body: show(request, asked) };
    },
    'write status': ({ params, body }) => {
      const { description } = body;
      repository.statuses.push({
        commit: params['commit']!,
        context: textIn(body, 'key'),
        state: textIn(body, 'state'),
        url: textIn(body, 'url'),
        ...(typeof description === 'string' && { description }),
      });
      return {};
    },
    'list statuses': (asked, status) =>
      paged(
        asked,
        repository
          .statusesOf(asked.params['commit']!)
          .map(({ context, state, url = '', description = null }) =>
            like(status, { key: context, name: context, state, url, description }),
          ),
      ),
  };
  const server = await serveDocumented(documentation, handlers, {
    before: (asked) => admit(repository, asked),
    below,
  });
  return { ...server, url: `${server.url}${below}`, repository };
}

function admit(
  repository: HostedTestRepository,
  { call, headers, params, origin, path, query }: Asked,
): Reply | undefined {
  if (repository.isBusy) throw new Refused('too many requests');
  const { authorization } = headers;
  const isWriting = !/^(read|list|ask)/.test(call);
  if (isWriting && headers['x-atlassian-token'] !== 'no-check') throw new Refused('XSRF');
  if (authorization === undefined) throw new Refused('anonymous');
  const basic = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
  const token = authorization.startsWith('Bearer ') ? authorization.slice(7) : basic.replace(/^[^:]*:/, '');
  const may = repository.tokens.get(token);
  if (!may) throw new Refused('wrong token');
  if (isWriting && may !== 'write') throw new Refused('no permission');
  const { key, slug } = params;
  if (slug === undefined || `${key}/${slug}` === repository.path) return undefined;
  if (!repository.oldPaths.includes(`${key}/${slug}`))
    throw new Refused('no repository', { path: `${key}/${slug}` });
  const [newKey, newSlug] = repository.path.split('/');
  const moved = path.replace(`/${key}/repos/${slug}`, `/${newKey}/repos/${newSlug}`);
  return { status: 301, headers: { location: `${origin}${moved}?${query.toString()}` } };
}

function find(repository: HostedTestRepository, { params }: Asked): TestRequest {
  const number = params['id']!;
  const found = repository.find(number);
  if (!found) throw new Refused('no pull request', { number });
  return found;
}

function showRequest(
  repository: HostedTestRepository,
  request: TestRequest,
  example: Json,
  origin: string,
): JsonObject {
  const [key, slug] = repository.path.split('/');
  const states = { open: 'OPEN', merged: 'MERGED', closed: 'DECLINED' };
  const { number, mergeCommit } = request;
  const own = { slug: slug!, project: { key: key! } };
  return like(example, {
    id: number,
    version: request.version,
    title: request.title,
    description: request.description,
    state: states[request.state],
    open: request.state === 'open',
    closed: request.state !== 'open',
    draft: request.isDraft,
    createdDate: request.createdAt.getTime(),
    fromRef: {
      id: `refs/heads/${request.source}`,
      displayId: request.source,
      latestCommit: repository.headOf(request),
      repository: request.isFromFork ? { slug: 'ops', project: { key: '~BOB' } } : own,
    },
    toRef: { id: `refs/heads/${request.target}`, displayId: request.target, repository: own },
    reviewers: request.reviewers,
    properties:
      mergeCommit === undefined
        ? {}
        : { mergeCommit: { displayId: mergeCommit.slice(0, 11), id: mergeCommit } },
    links: { self: [{ href: `${origin}/projects/${key}/repos/${slug}/pull-requests/${number}` }] },
  });
}

function open(
  repository: HostedTestRepository,
  asked: Asked,
  show: (request: TestRequest, asked: Asked) => JsonObject,
): Reply {
  const { body } = asked;
  const [source, target] = ['fromRef', 'toRef'].map((end) =>
    textIn(body, end, 'id').replace('refs/heads/', ''),
  );
  for (const branch of [source!, target!])
    if (!repository.branches.has(branch)) throw new Refused('no branch', { branch });
  const [other] = repository.openOnes((one) => one.source === source && one.target === target);
  if (other) {
    const [error] = (
      readDocumentation('bitbucket-data-center').refusals['duplicate']!.body as {
        readonly errors: readonly JsonObject[];
      }
    ).errors;
    return { status: 409, body: { errors: [{ ...error, existingPullRequest: show(other, asked) }] } };
  }
  const reviewers = Array.isArray(body['reviewers']) ? (body['reviewers'] as readonly Json[]) : [];
  const names = reviewers.map((one) => textIn(one, 'user', 'name'));
  for (const name of names) if (!repository.users.includes(name)) throw new Refused('bad reviewer', { name });
  const request = repository.open({
    source: source!,
    target: target!,
    title: textIn(body, 'title'),
    description: textIn(body, 'description'),
    isDraft: body['draft'] === true,
    reviewers: names,
  });
  return { body: show(request, asked) };
}

function paged({ query }: Asked, all: readonly JsonObject[]): Reply {
  const [start, limit] = [Number(query.get('start') ?? 0), Math.min(Number(query.get('limit') ?? 25), 5)];
  const { page: values, hasNext } = pageOf(all, start, limit);
  return {
    body: {
      size: values.length,
      limit,
      isLastPage: !hasNext,
      values,
      start,
      nextPageStart: hasNext ? start + limit : null,
    },
  };
}
