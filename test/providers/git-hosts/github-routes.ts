import { createHash } from 'node:crypto';
import { createHookRoutes } from './github-hooks.ts';
import { mergeRequest } from './github-merging.ts';
import { createObjectRoutes } from './github-objects.ts';
import type { GitHubState } from './github-server.ts';
import { below, notFound, type Answer, type Caller, type Route } from './github-route.ts';
import {
  combinedStatus,
  fullPullRequest,
  listedPullRequest,
  problem,
  type WireRequest,
  type WireStatus,
} from './github-wire.ts';

export function createGitHubRoutes(state: GitHubState): readonly Route[] {
  const find = (number: string | undefined) =>
    state.requests.find((request) => request.number === Number(number));
  const place = () => ({ web: state.url, owner: state.owner, name: state.name });
  const headOf = (request: WireRequest) =>
    state.repository.shaOf(`refs/heads/${request.head}`) ?? '0'.repeat(40);
  const add =
    (field: 'labels' | 'assignees' | 'reviewers') =>
    (caller: Caller, [, number]: RegExpExecArray) => {
      const request = find(number);
      if (!request) return notFound();
      request[field].push(...(caller.body[field] as unknown as string[]));
      return { status: field === 'labels' ? 200 : 201, body: [] };
    };
  return [
    {
      method: 'GET',
      path: below('/pulls'),
      answer: (caller) => {
        const [head, base] = [caller.query.get('head'), caller.query.get('base')];
        const found = state.requests.filter(
          (request) =>
            request.state === 'open' &&
            (head === null || head === `${state.owner}:${request.head}`) &&
            (base === null || base === request.base),
        );
        const ordered = caller.query.get('direction') === 'desc' ? found.toReversed() : found;
        return paged(
          state,
          caller,
          ordered.map((request) => listedPullRequest(place(), request, headOf(request))),
        );
      },
    },
    { method: 'POST', path: below('/pulls'), answer: ({ body }) => open(state, body) },
    {
      method: 'GET',
      path: below('/pulls/(\\d+)'),
      answer: (_, [, number]) => {
        const request = find(number);
        if (!request) return notFound();
        return {
          status: 200,
          body: fullPullRequest(place(), request, headOf(request), mergeableOf(state, request)),
        };
      },
    },
    {
      method: 'PUT',
      path: below('/pulls/(\\d+)/merge'),
      answer: ({ body }, [, number]) => {
        const request = find(number);
        return request ? mergeRequest(state, request, mergeableOf(state, request), body) : notFound();
      },
    },
    { method: 'POST', path: below('/issues/(\\d+)/labels'), answer: add('labels') },
    { method: 'POST', path: below('/issues/(\\d+)/assignees'), answer: add('assignees') },
    { method: 'POST', path: below('/pulls/(\\d+)/requested_reviewers'), answer: add('reviewers') },
    {
      method: 'GET',
      path: below('/assignees/([^/]+)'),
      answer: (_, [, name]) => (name === 'octocat' ? { status: 204 } : notFound()),
    },
    {
      method: 'POST',
      path: below('/statuses/([0-9a-f]+)'),
      answer: ({ body }, [, sha]) => writeStatus(state, sha!, body),
    },
    {
      method: 'GET',
      path: below('/commits/([0-9a-f]+)/status'),
      answer: (_, [, sha]) => {
        const statuses = newest(state.statuses.get(sha!) ?? []);
        return { status: 200, body: combinedStatus(sha!, statuses, statuses) };
      },
    },
    {
      method: 'GET',
      path: below(''),
      answer: () => ({
        status: 200,
        body: {
          id: 1296269,
          full_name: `${state.owner}/${state.name}`,
          default_branch: 'main',
          allow_merge_commit: state.allowed.includes('merge'),
          allow_squash_merge: state.allowed.includes('squash'),
          allow_rebase_merge: state.allowed.includes('rebase'),
        },
      }),
    },
    ...createHookRoutes(state),
    ...createObjectRoutes(state),
  ];
}

/** At most five entries a page, whatever is asked for: the tests have few of them. */
function paged(state: GitHubState, { path, query }: Caller, entries: readonly unknown[]): Answer {
  const page = Number(query.get('page') ?? 1);
  const size = Math.min(Number(query.get('per_page') ?? 30), 5);
  const body = entries.slice((page - 1) * size, page * size);
  const tag = `W/"${createHash('sha256').update(JSON.stringify(body)).digest('hex')}"`;
  const next = new URLSearchParams(query);
  next.set('page', String(page + 1));
  const isLast = page * size >= entries.length;
  const link = `<${state.url}/api/v3${path}?${next.toString()}>; rel="next", <${state.url}/api/v3${path}?page=9>; rel="last"`;
  return { status: 200, body, headers: { etag: tag, ...(!isLast && { link }) } };
}

/** https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
function open(state: GitHubState, body: Readonly<Record<string, never>>): Answer {
  const { head, base, title, body: text, draft } = body as unknown as Readonly<Record<string, string>>;
  const { repository, requests } = state;
  const invalid = (field: string) => [{ resource: 'PullRequest', field, code: 'invalid' }];
  const refuse = (errors: readonly object[]): Answer => ({
    status: 422,
    body: problem('Validation Failed', 422, errors),
  });
  const custom = (message: string) => [{ resource: 'PullRequest', code: 'custom', message }];
  const [headSha, baseSha] = [repository.shaOf(`refs/heads/${head}`), repository.shaOf(`refs/heads/${base}`)];
  if (headSha === undefined) return refuse(invalid('head'));
  if (baseSha === undefined) return refuse(invalid('base'));
  if (requests.some((request) => request.state === 'open' && request.head === head && request.base === base))
    return refuse(custom(`A pull request already exists for ${state.owner}:${head}.`));
  if (repository.between(baseSha, headSha).length === 0)
    return refuse(custom(`No commits between ${base} and ${head}`));
  const number = requests.length + 1;
  const request: WireRequest = {
    number,
    title: title!,
    body: text!,
    state: 'open',
    draft: Boolean(draft),
    merged: false,
    head: head!,
    base: base!,
    created: new Date(1_770_000_000_000 + number * 60_000).toISOString().replace('.000Z', 'Z'),
    mergeCommit: null,
    labels: [],
    assignees: [],
    reviewers: [],
    autoMerge: false,
  };
  requests.push(request);
  const place = { web: state.url, owner: state.owner, name: state.name };
  return { status: 201, body: fullPullRequest(place, request, headSha, 'unknown') };
}

function mergeableOf(state: GitHubState, request: WireRequest): string {
  const said = state.mergeable.get(request.number);
  if (said !== undefined) return said;
  if (request.state === 'closed') return 'unknown';
  if (request.draft) return 'draft';
  const tree = state.repository.mergeTrees(`refs/heads/${request.base}`, `refs/heads/${request.head}`);
  return tree === undefined ? 'dirty' : 'clean';
}

/** https://docs.github.com/en/rest/commits/statuses#create-a-commit-status */
function writeStatus(state: GitHubState, sha: string, body: Readonly<Record<string, never>>): Answer {
  const {
    state: to,
    context,
    ...rest
  } = body as unknown as WireStatus & Partial<Record<'description' | 'target_url', string>>;
  const [description, target_url] = [rest.description ?? null, rest.target_url ?? null];
  if (description !== null && Array.from(description).length > 140)
    return { status: 422, body: problem('Validation Failed', 422) };
  const status = { state: to, context, description, target_url };
  state.statuses.set(sha, [...(state.statuses.get(sha) ?? []), status]);
  return { status: 201, body: { id: 1, ...status } };
}

function newest(statuses: readonly WireStatus[]): readonly WireStatus[] {
  return [...new Map(statuses.map((status) => [status.context, status])).values()];
}
