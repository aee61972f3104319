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
import { createHookHandlers } from './gitlab-hooks.ts';
import { HostedTestRepository, type TestRequest } from './hosted-repository.ts';

/** A GitLab with one project, on loopback. */
export interface GitLabServer extends DocumentedServer {
  readonly repository: HostedTestRepository;
}

/** Starts it. Pages are small, so that few requests make many of them. */
export async function openGitLabServer(below = ''): Promise<GitLabServer> {
  const repository = new HostedTestRepository('acme/platform/ops');
  const documentation = readDocumentation('gitlab');
  const example = documentation.calls['read merge request']!.answer.body!;
  const show = (request: TestRequest, { origin }: Asked): JsonObject =>
    showRequest(repository, request, example, origin);

  const handlers: Readonly<Record<string, Handler>> = {
    'read project': (_, project) => ({ body: like(project, { path_with_namespace: repository.path }) }),
    'list merge requests': (asked) => {
      const { query } = asked;
      const fits = ({ source, target }: TestRequest): boolean =>
        (query.get('source_branch') ?? source) === source &&
        (query.get('target_branch') ?? target) === target;
      return paged(
        asked,
        repository.openOnes(fits).map((request) => show(request, asked)),
      );
    },
    'read merge request': (asked) => ({ body: show(find(repository, asked), asked) }),
    'open merge request': (asked) => ({ body: show(open(repository, asked), asked) }),
    merge: (asked) => ({ body: show(merge(repository, asked), asked) }),
    'find users': ({ query }, user) => {
      const at = repository.users.indexOf(query.get('username') ?? '');
      return { body: at < 0 ? [] : [like(user, { id: 7 + at, username: repository.users[at]! })] };
    },
    'write status': ({ params, body }) => {
      writeStatus(repository, params['sha']!, body);
      return { body: {} };
    },
    'list statuses': (asked, status) => {
      const found = repository
        .statusesOf(asked.params['sha']!)
        .map(({ commit, context, state, description = null, url = null }) =>
          like(status, { sha: commit, name: context, status: state, description, target_url: url }),
        );
      return paged(asked, found);
    },
  };
  const hookHandlers = createHookHandlers(repository, documentation);
  const server = await serveDocumented(
    documentation,
    { ...handlers, ...hookHandlers },
    {
      before: (asked) => admit(repository, asked),
      below,
    },
  );
  return { ...server, url: `${server.url}${below}`, repository };
}

const id = '15';

/** Who asks for what, and whether it is still there. */
function admit(
  repository: HostedTestRepository,
  { call, headers, params, origin, path, query }: Asked,
): Reply | undefined {
  if (repository.isBusy) throw new Refused('too many requests');
  const token = headers.authorization?.replace(/^Bearer /, '');
  if (token === undefined && call !== 'find users') throw new Refused('no project');
  const may = repository.tokens.get(token ?? '');
  if (!may) throw new Refused('wrong token');
  const isWriting = !/^(read|list|find)/.test(call);
  const project = params['id'];
  if (project === undefined || project === id || project === repository.path) {
    if (isWriting && may !== 'write') throw new Refused('no scope');
    return undefined;
  }
  if (!repository.oldPaths.includes(project)) throw new Refused('no project');
  if (isWriting) throw new Refused('moved');
  return {
    status: 301,
    headers: { location: `${origin}${path.replace(encodeURIComponent(project), id)}?${query.toString()}` },
  };
}

function find(repository: HostedTestRepository, { params }: Asked): TestRequest {
  const found = repository.find(params['iid']!);
  if (!found) throw new Refused('no merge request');
  return found;
}

function showRequest(
  repository: HostedTestRepository,
  request: TestRequest,
  example: Json,
  origin: string,
): JsonObject {
  const head = repository.headOf(request);
  const conflicts = request.state === 'open' && repository.conflicts(request);
  return like(example, {
    iid: request.number,
    title: request.title,
    description: request.description,
    state: request.obstacle === 'locked' ? 'locked' : request.state === 'open' ? 'opened' : request.state,
    created_at: request.createdAt.toISOString(),
    source_branch: request.source,
    target_branch: request.target,
    source_project_id: request.isFromFork ? 99 : 15,
    labels: request.labels,
    draft: request.isDraft,
    work_in_progress: request.isDraft,
    merge_when_pipeline_succeeds: request.isAutomatic,
    sha: head,
    merge_commit_sha: request.method === 'fast-forward' ? null : (request.mergeCommit ?? null),
    has_conflicts: conflicts,
    merge_status: conflicts ? 'cannot_be_merged' : 'can_be_merged',
    detailed_merge_status: statusOf(request, conflicts),
    web_url: `${origin}/${repository.path}/-/merge_requests/${request.number}`,
  });
}

function statusOf(request: TestRequest, conflicts: boolean): string {
  if (request.state !== 'open') return 'not_open';
  if (request.isDraft) return 'draft_status';
  return request.obstacle ?? (conflicts ? 'conflict' : 'mergeable');
}

function open(repository: HostedTestRepository, { body }: Asked): TestRequest {
  const [source, target, title] = [
    textIn(body, 'source_branch'),
    textIn(body, 'target_branch'),
    textIn(body, 'title'),
  ];
  for (const branch of [source, target])
    if (!repository.branches.has(branch)) throw new Refused('no branch', { branch });
  const [other] = repository.openOnes(
    (one) => one.source === source && one.target === target && !one.isFromFork,
  );
  if (other) throw new Refused('open already', { number: String(other.number) });
  const names = (key: string): readonly string[] =>
    ((body[key] ?? []) as readonly number[]).map((one) => repository.users[one - 7] ?? `#${one}`);
  const labels = textIn(body, 'labels').split(',').filter(Boolean);
  return repository.open({
    source,
    target,
    title,
    description: textIn(body, 'description'),
    isDraft: /^draft: /i.test(title),
    // What the token may not make is left out in silence.
    labels: labels.filter((label) => label !== 'forbidden'),
    assignees: names('assignee_ids'),
    reviewers: names('reviewer_ids'),
  });
}

function merge(repository: HostedTestRepository, asked: Asked): TestRequest {
  const request = find(repository, asked);
  const { sha, squash } = asked.body;
  if (request.isForbidden) throw new Refused('may not merge');
  if (request.state !== 'open' || request.isDraft || request.obstacle) throw new Refused('not mergeable');
  if (repository.conflicts(request)) throw new Refused('cannot merge');
  const head = repository.headOf(request);
  if (sha !== undefined && sha !== head) throw new Refused('other head', { head });
  repository.merge(request, squash === true ? 'squash' : undefined);
  return request;
}

/** Runs through as a pipeline does: what is pending cannot become pending. */
function writeStatus(repository: HostedTestRepository, commit: string, body: JsonObject): void {
  const [context, state] = [textIn(body, 'name'), textIn(body, 'state')];
  const before = repository.statusesOf(commit).find((status) => status.context === context);
  if (before?.state === 'pending' && state === 'pending') throw new Refused('no such transition');
  const { description, target_url: url } = body;
  repository.statuses.push({
    commit,
    context,
    state,
    ...(typeof description === 'string' && { description }),
    ...(typeof url === 'string' && { url }),
  });
}

function paged({ query, origin, path }: Asked, all: readonly JsonObject[]): Reply {
  const [page, size] = [Number(query.get('page') ?? 1), Math.min(Number(query.get('per_page') ?? 20), 5)];
  const { page: body, hasNext } = pageOf(all, (page - 1) * size, size);
  const next = new URLSearchParams(query);
  next.set('page', String(page + 1));
  const links = [
    `<${origin}${path}?${next.toString()}>; rel="next"`,
    `<${origin}${path}?page=1>; rel="first"`,
  ];
  return { body, headers: { link: (hasNext ? links : links.slice(1)).join(', ') } };
}
