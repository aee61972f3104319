import { TerminalError } from '../../core/errors.ts';
import { findText } from './answer-fields.ts';
import type { HostParts } from './git-hosts.ts';
import { namedTime } from './host-patience.ts';
import type { HostPlace } from './host-place.ts';
import { headerOf, type HostAnswer, type HostDialect } from './host-request.ts';
import type { HostSession } from './session.ts';

/** How a repository is asked for at GitHub. */
export interface GitHubSession {
  /** As `HostedRepository.name`. */
  readonly name: string;
  /** Path of the repository in the API. */
  readonly root: string;
  readonly session: HostSession;
}

/** Opens the API for a repository; its address is the one of GitHub itself, of `ghe.com`, or of an Enterprise Server. */
export function openGitHubSession({ place, token, openSession }: HostParts): GitHubSession {
  const { host, path, repoURL } = place;
  const [owner, repository, ...rest] = path;
  if (owner === undefined || repository === undefined || rest.length > 0)
    throw new TerminalError(`${repoURL}: a repository of GitHub is called OWNER/NAME`);
  const name = `${host}/${owner}/${repository}`.toLowerCase();
  const dialect = dialectFor(token?.password);
  return {
    name,
    root: `repos/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}`,
    session: openSession({ name, apiURL: githubApiURL(place), dialect }),
  };
}

/** Base of GitHub's API for a host, without a slash at its end. */
export function githubApiURL({
  host,
  origin,
  apiURL,
}: Pick<HostPlace, 'host' | 'origin' | 'apiURL'>): string {
  if (apiURL !== undefined) return apiURL;
  if (host === 'github.com' || host === 'www.github.com') return 'https://api.github.com';
  return host.endsWith('.ghe.com') ? `https://api.${host}` : `${origin}/api/v3`;
}

/** What GitHub wants in each request. */
export const githubHeaders = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
} as const;

function dialectFor(token: string | undefined): HostDialect {
  return {
    headers: { ...githubHeaders, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    busyFor,
    missingScope,
  };
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function busyFor(answer: HostAnswer): number | undefined {
  if (answer.status !== 403 && answer.status !== 429) return undefined;
  const named = namedTime(answer, Date.now());
  if (named !== undefined) return named;
  const said = findText(answer.body, 'message') ?? '';
  return /secondary rate limit|abuse detection/i.test(said) ? 60_000 : undefined;
}

/** Tokens with scopes and those with permissions are told in different headers what they lack. */
function missingScope(answer: HostAnswer): string | undefined {
  if (answer.status !== 403 && answer.status !== 404) return undefined;
  const permissions = headerOf(answer, 'x-accepted-github-permissions');
  const said = findText(answer.body, 'message') ?? '';
  if (permissions && /not accessible by/i.test(said)) return `the permission ${permissions}`;
  const [accepted, own] = [scopesIn(answer, 'x-accepted-oauth-scopes'), scopesIn(answer, 'x-oauth-scopes')];
  if (accepted === undefined || own === undefined || accepted.length === 0) return undefined;
  return accepted.some((scope) => own.includes(scope)) ? undefined : `the scope ${accepted.join(' or ')}`;
}

function scopesIn(answer: HostAnswer, name: string): readonly string[] | undefined {
  return headerOf(answer, name)
    ?.split(',')
    .map((scope) => scope.trim())
    .filter(Boolean);
}
