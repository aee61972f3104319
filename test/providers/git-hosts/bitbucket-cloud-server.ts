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

/** A Bitbucket Cloud with one repository, on loopback: its API stands below `/2.0`. */
export interface CloudServer extends DocumentedServer {
  readonly repository: HostedTestRepository;
}

/**
 * Starts it. The obstacles it knows: `slow` (merged after two looks), `timeout` (merged, but nobody is told), `checks`,
 * `changed`, `queued`.
 */
export async function openCloudServer(): Promise<CloudServer> {
  const repository = new HostedTestRepository('acme/ops');
  const documentation = readDocumentation('bitbucket-cloud');
  const example = documentation.calls['read pull request']!.answer.body!;
  const member = documentation.calls['list members']!.answer.body!;
  const show = (request: TestRequest): JsonObject => showRequest(repository, request, example);
  const looks = new Map<number, number>();

  const handlers: Readonly<Record<string, Handler>> = {
    'read repository': (_, found) => ({ body: like(found, { full_name: repository.path }) }),
    'list pull requests': (asked) =>
      paged(asked, repository.openOnes(readFilter(asked.query.get('q') ?? '')).map(show)),
    'read pull request': (asked) => ({ body: show(find(repository, asked)) }),
    'open pull request': ({ body }) => ({ body: show(open(repository, body)) }),
    merge: (asked) => {
      const request = find(repository, asked);
      if (request.obstacle === 'slow') {
        looks.set(request.number, 2);
        return {
          status: 202,
          headers: { location: `https://api.bitbucket.org${asked.path}/task-status/task-1` },
        };
      }
      merge(repository, request, asked.body);
      return { body: show(request) };
    },
    'read merge task': (asked, task) => {
      const request = find(repository, asked);
      const left = (looks.get(request.number) ?? 0) - 1;
      looks.set(request.number, left);
      if (left > 0) return { body: task };
      repository.merge(request);
      return { body: like(task, { task_status: 'SUCCESS' }) };
    },
    'read commit': ({ params }, commit) => {
      const known = [...repository.branches.values()].map((branch) => branch.commit);
      const all = [...known, ...repository.requests.flatMap(({ mergeCommit }) => mergeCommit ?? [])];
      const hash = all.find((one) => one.startsWith(params['commit']!));
      if (hash === undefined) throw new Refused('not found');
      return { body: like(commit, { hash }) };
    },
    'list members': (asked) =>
      paged(
        asked,
        repository.users.map((nickname, at) =>
          like(member, {
            user: {
              nickname,
              display_name: nickname.toUpperCase(),
              account_id: `557058:${nickname}`,
              uuid: uuidOf(at),
            },
          }),
        ),
      ),
    'write status': ({ params, body }) => {
      if (textIn(body, 'key').length > 40) throw new Refused('not found');
      const commit = params['commit']!;
      repository.statuses.push({
        commit,
        context: textIn(body, 'key'),
        state: textIn(body, 'state'),
        url: `${textIn(body, 'url')} ${textIn(body, 'name')}`,
        description: textIn(body, 'description'),
      });
      return { body: {} };
    },
    'list statuses': (asked, status) =>
      paged(
        asked,
        repository
          .statusesOf(asked.params['commit']!)
          .map(({ context, state, url = '', description = '' }) => {
            const [address, ...name] = url.split(' ');
            return like(status, { key: context, state, name: name.join(' '), url: address!, description });
          }),
      ),
  };
  const server = await serveDocumented(documentation, handlers, {
    before: (asked) => admit(repository, asked),
  });
  return { ...server, repository };
}

export function uuidOf(at: number): string {
  return `{00000000-0000-4000-8000-00000000000${at}}`;
}

function admit(
  repository: HostedTestRepository,
  { call, headers, params, origin, path, query }: Asked,
): Reply | undefined {
  if (repository.isBusy) throw new Refused('too many requests');
  const { authorization } = headers;
  if (authorization === undefined) throw new Refused('no repository');
  const basic = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
  const token = authorization.startsWith('Bearer ') ? authorization.slice(7) : basic.replace(/^[^:]*:/, '');
  const may = repository.tokens.get(token);
  if (!may) throw new Refused('wrong token');
  const { workspace, slug } = params;
  if (!/^(read|list)/.test(call) && may !== 'write') throw new Refused('no scope');
  if (slug === undefined || `${workspace}/${slug}` === repository.path) return undefined;
  if (!repository.oldPaths.includes(`${workspace}/${slug}`)) throw new Refused('no repository');
  const location = `${origin}${path.replace(`${workspace}/${slug}`, repository.path)}?${query.toString()}`;
  return { status: 301, headers: { location } };
}

/** The part of the filter language that stands on the page: comparisons joined by AND. */
function readFilter(q: string): (request: TestRequest) => boolean {
  const wanted = new Map(
    [...q.matchAll(/([\w.]+) = "((?:[^"\\]|\\.)*)"/g)].map(([, name, text]) => [
      name!,
      text!.replace(/\\(.)/g, '$1'),
    ]),
  );
  if (wanted.size !== q.split(' AND ').length) throw new Error(`no page shows the filter ${q}`);
  return ({ source, target }) =>
    (wanted.get('source.branch.name') ?? source) === source &&
    (wanted.get('destination.branch.name') ?? target) === target;
}

function find(repository: HostedTestRepository, { params }: Asked): TestRequest {
  const found = repository.find(params['id']!);
  if (!found) throw new Refused('not found');
  return found;
}

/** Commits are shortened, as everywhere in pull requests of Bitbucket. */
function showRequest(repository: HostedTestRepository, request: TestRequest, example: Json): JsonObject {
  const full = repository.path;
  const states = { open: 'OPEN', merged: 'MERGED', closed: 'DECLINED' };
  const short = (commit: string): string => commit.slice(0, 12);
  const { mergeCommit } = request;
  return like(example, {
    id: request.number,
    title: request.title,
    description: request.description,
    state: states[request.state],
    draft: request.isDraft,
    queued: request.isAutomatic,
    source: {
      branch: { name: request.source },
      commit: { hash: short(repository.headOf(request)) },
      repository: { full_name: request.isFromFork ? 'somebody/ops' : full },
    },
    destination: { branch: { name: request.target }, repository: { full_name: full } },
    merge_commit: mergeCommit === undefined ? null : { hash: short(mergeCommit) },
    reviewers: request.reviewers,
    created_on: request.createdAt.toISOString(),
    links: { html: { href: `https://bitbucket.org/${full}/pull-requests/${request.number}` } },
  });
}

/** Nothing on its page promises that a second one is refused: it is opened. */
function open(repository: HostedTestRepository, body: JsonObject): TestRequest {
  const [source, target] = ['source', 'destination'].map((end) => textIn(body, end, 'branch', 'name'));
  for (const branch of [source!, target!])
    if (!repository.branches.has(branch)) throw new Refused('no branch', { branch });
  const reviewers = Array.isArray(body['reviewers']) ? (body['reviewers'] as readonly Json[]) : [];
  return repository.open({
    source: source!,
    target: target!,
    title: textIn(body, 'title'),
    description: textIn(body, 'description'),
    isDraft: body['draft'] === true,
    reviewers: reviewers.map((one) => textIn(one, 'uuid')),
  });
}

function merge(repository: HostedTestRepository, request: TestRequest, body: JsonObject): void {
  if (request.obstacle === 'checks') throw new Refused('merge checks');
  if (request.obstacle === 'changed') throw new Refused('ref changed');
  if (repository.conflicts(request)) throw new Refused('conflict');
  repository.merge(request, typeof body['merge_strategy'] === 'string' ? body['merge_strategy'] : undefined);
  if (request.obstacle === 'timeout') throw new Refused('merge timeout');
}

function paged({ query, origin, path }: Asked, all: readonly JsonObject[]): Reply {
  const [page, size] = [Number(query.get('page') ?? 1), Math.min(Number(query.get('pagelen') ?? 10), 5)];
  const { page: values, hasNext } = pageOf(all, (page - 1) * size, size);
  const next = new URLSearchParams(query);
  next.set('page', String(page + 1));
  return {
    body: {
      size: all.length,
      page,
      pagelen: size,
      values,
      ...(hasNext && { next: `${origin}${path}?${next.toString()}` }),
    },
  };
}
