import { createHash, createSign } from 'node:crypto';
import { TerminalError } from '../../core/errors.ts';
import type { CredentialSource, GitHubApp } from '../credentials/credentials.ts';
import type { Http } from '../http/http.ts';
import { textAt } from './answer-fields.ts';
import { HostMemory } from './host-memory.ts';
import type { HostPattern } from './host-pattern.ts';
import { findPlace, type HostPlace } from './host-place.ts';
import { githubApiURL, githubHeaders } from './github-session.ts';
import { HostSession } from './session.ts';

/** How tokens are fetched. */
export interface AppTokenOptions {
  readonly http: Http;
  readonly patterns?: readonly HostPattern[];
  readonly signal: AbortSignal;
  /** Milliseconds for which GitHub may be busy; default 30 000. */
  readonly patience?: number;
  /** Milliseconds since 1970; default the clock. */
  readonly now?: () => number;
}

/**
 * The same source; where it finds a GitHub App, a token of its installation takes the App's place: for that repository
 * alone, fetched once and used until five minutes before it ends. The App's key goes no further.
 */
export function withAppTokens(source: CredentialSource, options: AppTokenOptions): CredentialSource {
  const { now = Date.now, patterns = [] } = options;
  const kept = new Map<string, Promise<AppToken>>();
  return {
    async find(query) {
      const found = await source.find(query);
      if (!found?.githubApp) return found;
      const { githubApp, ...rest } = found;
      if (query.type !== 'git' || !/^(?:https?:\/\/|ssh:\/\/|[^/]+:(?!\/\/))/i.test(query.repoURL.trim()))
        return rest;
      const place = findPlace(query.repoURL, { provider: 'github', patterns });
      const key = keyOf(githubApp, place);
      const known = kept.get(key);
      if (known && isGood(await known.catch(() => undefined), now())) return credentialsOf(await known);
      // Somebody else may have asked meanwhile.
      const asked = kept.get(key);
      const fresh = asked && asked !== known ? asked : fetchToken(githubApp, place, options);
      kept.set(key, fresh);
      return credentialsOf(await fresh);
    },
  };
}

interface AppToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Milliseconds. */
const margin = 5 * 60_000;

function isGood(token: AppToken | undefined, now: number): boolean {
  return token !== undefined && token.until > now + margin;
}

function credentialsOf({ token }: AppToken) {
  return { username: 'x-access-token', password: token };
}

function keyOf({ id, installation, privateKey }: GitHubApp, { origin, path }: HostPlace): string {
  const parts = JSON.stringify([id, installation, privateKey, origin, path.join('/').toLowerCase()]);
  return createHash('sha256').update(parts).digest('hex');
}

/** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
async function fetchToken(
  app: GitHubApp,
  place: HostPlace,
  { http, signal, patience = 30_000, now = Date.now }: AppTokenOptions,
): Promise<AppToken> {
  const name = `${place.host}/${place.path.join('/')}`;
  const jwt = signToken(app, name, now());
  const session = new HostSession({
    http,
    name,
    apiURL: githubApiURL(place),
    dialect: { headers: { ...githubHeaders, authorization: `Bearer ${jwt}` } },
    secrets: [jwt],
    skipVerify: false,
    memory: new HostMemory(),
    signal,
    patience,
  });
  const request = {
    method: 'POST',
    path: `app/installations/${encodeURIComponent(app.installation)}/access_tokens`,
    body: { repositories: place.path.slice(-1) },
    purpose: `getting a token of installation ${app.installation} of the GitHub App ${app.id}`,
    // A token more does no harm.
    isRepeatable: true,
  } as const;
  const { body } = await session.ask(request);
  const until = Date.parse(textAt(body, 'expires_at'));
  return { token: textAt(body, 'token'), until };
}

/** A statement of the App about itself, good for nine minutes; its clock may be a minute ahead of GitHub's. */
function signToken({ id, privateKey }: GitHubApp, name: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const said = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iat: seconds - 60, exp: seconds + 540, iss: id })}`;
  try {
    return `${said}.${createSign('RSA-SHA256').update(said).sign(privateKey, 'base64url')}`;
  } catch {
    // What node says may quote the key.
    throw new TerminalError(
      `${name}: githubAppPrivateKey of the Secret is no private key in PEM form: take the file that GitHub made`,
    );
  }
}
