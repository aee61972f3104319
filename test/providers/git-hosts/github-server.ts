import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveGit } from '../../support/git-http-backend.ts';
import type { Answer, Caller, Route } from './github-route.ts';
import type { WireHook } from './github-hooks.ts';
import { createGitHubRoutes } from './github-routes.ts';
import { createBareRepository, type BareRepository } from './github-repository.ts';
import { problem, type WireRequest, type WireStatus } from './github-wire.ts';

/** What the loopback GitHub knows; tests turn its screws. */
export interface GitHubState {
  readonly repository: BareRepository;
  readonly owner: string;
  /** Of the repository today. */
  name: string;
  readonly url: string;
  readonly requests: WireRequest[];
  readonly statuses: Map<string, WireStatus[]>;
  readonly hooks: WireHook[];
  /** Answers of `mergeable_state` by number; what git says where there is none. */
  readonly mergeable: Map<number, string>;
  /** Methods that the repository allows. */
  allowed: readonly string[];
  /** Said with 405 to the next merges. */
  readonly mergeRefusals: string[];
  /** Tokens with scopes, as classic ones have. */
  readonly tokens: Map<string, readonly string[]>;
}

/** A loopback server that speaks GitHub's API under `/api/v3` and Git under `/acme/ops.git`, over a real repository. */
export interface GitHubServer extends GitHubState {
  /** `METHOD /path` of every request of the API. */
  readonly seen: string[];
  /** More routes, tried first. */
  readonly routes: Route[];
  close(): Promise<void>;
}

export async function openGitHub(): Promise<GitHubServer> {
  const root = mkdtempSync(join(tmpdir(), 'gantry-github-'));
  const repository = createBareRepository(join(root, 'acme', 'ops.git'));
  const seen: string[] = [];
  const routes: Route[] = [];
  const state: Omit<GitHubState, 'url'> & { url: string } = {
    repository,
    owner: 'acme',
    name: 'ops',
    url: '',
    requests: [],
    statuses: new Map(),
    hooks: [],
    mergeable: new Map(),
    allowed: ['merge', 'squash', 'rebase'],
    mergeRefusals: [],
    tokens: new Map([
      ['ghp_right', ['repo']],
      ['ghp_weak', ['read:user']],
    ]),
  };
  const known = createGitHubRoutes(state);
  const server = createServer((request, response) => {
    if (!request.url!.startsWith('/api/v3/')) return serveGit(root, request, response);
    seen.push(`${request.method} ${request.url!.slice('/api/v3'.length)}`);
    void answer(state, [...routes, ...known], request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, {
    seen,
    routes,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(root, { recursive: true, force: true });
    },
  });
}

async function answer(
  state: GitHubState,
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString();
  const url = new URL(request.url!, state.url);
  const path = url.pathname.slice('/api/v3'.length);
  const {
    status,
    body,
    headers = {},
  } = await route(state, routes, {
    method: request.method!,
    host: request.headers.host ?? '',
    path,
    query: url.searchParams,
    body: text ? (JSON.parse(text) as Record<string, never>) : {},
    token: /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1],
  });
  const sent = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(sent);
}

/** Who is asking comes first, as at GitHub. */
async function route(state: GitHubState, routes: readonly Route[], caller: Caller): Promise<Answer> {
  const scopes = caller.token === undefined ? [] : state.tokens.get(caller.token);
  const own = routes.find(({ method, path }) => method === caller.method && path.test(caller.path));
  if (own?.isOpen) return own.answer(caller, own.path.exec(caller.path)!);
  if (scopes === undefined) return { status: 401, body: problem('Bad credentials', 401) };
  if (caller.token === undefined) return { status: 404, body: problem('Not Found', 404) };
  const headers = { 'x-oauth-scopes': scopes.join(', '), 'x-accepted-oauth-scopes': 'repo' };
  if (!scopes.includes('repo')) return { status: 404, body: problem('Not Found', 404), headers };
  const moved = /^\/repos\/acme\/([^/]+)(\/.*)?$/.exec(caller.path);
  if (moved && moved[1] !== state.name && moved[1] === 'ops') {
    // https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
    const location = `http://${caller.host}/api/v3/repositories/1296269${moved[2] ?? ''}`;
    const status = caller.method === 'GET' ? 301 : 307;
    const message = status === 301 ? 'Moved Permanently' : 'Temporary Redirect';
    const query = caller.query.toString();
    return {
      status,
      body: { message, url: location },
      headers: { location: query ? `${location}?${query}` : location },
    };
  }
  if (!own) return { status: 404, body: problem('Not Found', 404), headers };
  const found = await own.answer(caller, own.path.exec(caller.path)!);
  return { ...found, headers: { ...headers, ...found.headers } };
}
