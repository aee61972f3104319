import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { formatDuration } from '../../core/duration.ts';
import { messageOf, TerminalError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Http, HttpAnswer, HttpRequest } from '../http/http.ts';
import { readBody } from '../http/read-body.ts';
import { explainAnswer } from './explain-answer.ts';
import { HostBusy } from './git-host.ts';
import type { HostMemory } from './host-memory.ts';
import { busyTime, isPassing, isUnsent } from './host-patience.ts';
import { headerOf, type HostAnswer, type HostDialect, type HostRequest } from './host-request.ts';

/** Which API is spoken to, and how. */
export interface SessionOptions {
  readonly http: Http;
  /** Repository as errors call it: `github.com/acme/ops`. */
  readonly name: string;
  /** Base of the API, without a slash at its end. */
  readonly apiURL: string;
  readonly dialect: HostDialect;
  /** Texts that no message may hold; empty = requests are anonymous. */
  readonly secrets: readonly string[];
  readonly skipVerify: boolean;
  readonly memory: HostMemory;
  readonly signal: AbortSignal;
  /** Milliseconds for which a request is made again that the host could not take. */
  readonly patience: number;
}

/** The API of one host as one repository of one project uses it. Shows its token to this host alone. */
export class HostSession {
  readonly #options: SessionOptions;
  readonly #base: URL;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#base = new URL(`${options.apiURL}/`);
  }

  /** The answer with a status of 200 to 299, or one of the `accepted`; else rejects and says why, what for and what helps. */
  async ask(request: HostRequest, accepted: readonly number[] = []): Promise<HostAnswer> {
    const answer = await this.#persist(request, this.#addressOf(request));
    if (isWell(answer) || accepted.includes(answer.status)) return answer;
    throw this.refusal(request, answer);
  }

  /** The answers page by page. `nextOf` says where the next page is; default as the header `Link` tells. */
  async *pages(
    request: HostRequest,
    nextOf: (answer: HostAnswer, request: HostRequest) => string | undefined = nextLink,
  ): AsyncGenerator<HostAnswer> {
    let next: HostRequest | undefined = request;
    // A host that leads round in circles ends here.
    for (let page = 0; next !== undefined && page < maximumPages; page += 1) {
      const answer: HostAnswer = await this.ask(next);
      yield answer;
      const path = nextOf(answer, request);
      const { query: _, ...rest } = request;
      next = path === undefined ? undefined : { ...rest, path };
    }
  }

  /** The entries of all pages of a list. */
  async list(request: HostRequest): Promise<readonly Json[]> {
    const entries: Json[] = [];
    for await (const { body } of this.pages(request))
      if (Array.isArray(body)) entries.push(...(body as Json[]));
    return entries;
  }

  /** The error that an answer means: final for what only the user can change. */
  refusal({ purpose }: HostRequest, answer: HostAnswer): Error {
    const message = this.#redact(`${this.#options.name}: ${purpose}: ${this.#explain(answer)}`);
    const { status } = answer;
    const isFinal = status >= 300 && status < 500 && status !== 408 && status !== 425;
    return isFinal ? new TerminalError(message) : new Error(message);
  }

  #explain(answer: HostAnswer): string {
    const { dialect, secrets } = this.#options;
    const said = explainAnswer(answer);
    if (answer.status < 400) return `${said}: this is no API of a Git host`;
    if (answer.status >= 500) return said;
    if (secrets.length === 0 && [401, 403, 404].includes(answer.status)) return `${said}; ${withoutToken}`;
    const scope = dialect.missingScope?.(answer);
    if (scope !== undefined) return `${said}: the token lacks ${scope}`;
    if (answer.status === 401)
      return `${said}: the host refuses the token: it is wrong, has expired or was revoked`;
    if (answer.status === 404) return `${said}: it does not exist, or the token may not see it`;
    return said;
  }

  /** Sends it again for a while when the host could not take it. */
  async #persist(request: HostRequest, url: URL): Promise<HostAnswer> {
    const { dialect, signal, patience } = this.#options;
    const { method, isRepeatable = method === 'GET' } = request;
    const until = Date.now() + patience;
    for (let pause = 500; ; pause *= 2) {
      let busy: number | 'unknown' | undefined;
      let failure: Error;
      try {
        const answer = await this.#follow(request, url);
        busy = busyTime(answer, request, dialect, Date.now());
        if (busy === undefined) return answer;
        failure = this.#busy(request, answer, busy);
      } catch (error) {
        signal.throwIfAborted();
        const mayPass = isRepeatable ? isPassing(error) : isUnsent(error);
        failure = this.#explained(request, error);
        if (!mayPass) throw failure;
      }
      const next = typeof busy === 'number' ? Math.max(busy, pause) : pause;
      if (Date.now() + next > until) throw failure;
      await wait(next, undefined, { signal });
    }
  }

  #busy(request: HostRequest, answer: HostAnswer, busy: number | 'unknown'): Error {
    if (answer.status >= 500) return this.refusal(request, answer);
    const { name } = this.#options;
    const after = busy === 'unknown' ? 60_000 : busy;
    const when = busy === 'unknown' ? '' : ` for ${formatDuration(Math.ceil(busy / 1000) * 1000)}`;
    const said = `${name}: ${request.purpose}: too many requests${when}: ${explainAnswer(answer)}`;
    return new HostBusy(this.#redact(said), after);
  }

  #explained({ purpose }: HostRequest, error: unknown): Error {
    if (error instanceof TerminalError) return error;
    const message = this.#redact(`${this.#options.name}: ${purpose}: ${messageOf(error)}`);
    const isFinal = isRefusedAddress(error);
    return isFinal ? new TerminalError(message, { cause: error }) : new Error(message, { cause: error });
  }

  /** A repository that was renamed is asked under its new name: the same method, the same body, the same host. */
  async #follow(request: HostRequest, url: URL): Promise<HostAnswer> {
    let [current, answer] = [url, await this.#exchange(request, url)];
    for (let hops = 0; isRedirect(answer.status) && hops < 5; hops += 1) {
      const location = headerOf(answer, 'location') ?? '';
      if (!URL.canParse(location, current.href)) return answer;
      const next = new URL(location, current);
      if (!isSameHost(current, next)) throw this.#ledAway(request, next);
      current = next;
      answer = await this.#exchange(request, current);
    }
    return answer;
  }

  #ledAway({ purpose }: HostRequest, { origin }: URL): Error {
    const { name } = this.#options;
    return new TerminalError(
      `${name}: ${purpose}: the host leads to ${origin}, which is not shown the token: correct repoURL`,
    );
  }

  async #exchange(request: HostRequest, url: URL): Promise<HostAnswer> {
    const { http, memory, dialect, skipVerify } = this.#options;
    const { method, body } = request;
    const key = method === 'GET' ? this.#keyOf(url, request) : undefined;
    const kept = key === undefined ? undefined : memory.find(key);
    const headers = {
      accept: 'application/json',
      ...dialect.headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...request.headers,
      ...(kept && { 'if-none-match': kept.tag }),
    };
    const sent: HttpRequest = {
      method,
      url,
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeout: requestTime,
      followsRedirects: false,
      ...(skipVerify && { skipVerify }),
    };
    return http.send(sent, async (answer) => {
      if (answer.status === 304 && kept) return kept.answer;
      const { read, size } = await readAnswer(answer);
      const tag = headerOf(answer, 'etag');
      if (key !== undefined && tag !== undefined && answer.status === 200)
        memory.keep(key, { tag, answer: read, size });
      return read;
    });
  }

  #addressOf({ path, query = {} }: HostRequest): URL {
    const url = new URL(path, this.#base);
    // Addresses come from answers, too.
    if (!isSameHost(this.#base, url))
      throw new TerminalError(`${this.#options.name}: the host leads to ${url.origin}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return url;
  }

  #keyOf(url: URL, { headers = {} }: HostRequest): string {
    const who = JSON.stringify([this.#options.dialect.headers, headers]);
    return `${createHash('sha256').update(who).digest('hex')} ${url.href}`;
  }

  #redact(text: string): string {
    return this.#options.secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  }
}

/** Milliseconds for one answer. */
const requestTime = 30_000;
const maximumPages = 200;
const maximumAnswer = 32 * 1024 * 1024;
const withoutToken =
  'the project has no token for this repository: a Secret with the label kargo.akuity.io/cred-type: git, its repoURL and a password';

async function readAnswer(answer: HttpAnswer): Promise<{ readonly read: HostAnswer; readonly size: number }> {
  const { status, headers } = answer;
  const text = (await readBody(answer, maximumAnswer)).toString();
  const body = parse(text);
  if (status < 300 && body === undefined && text.trim() !== '' && /html/.test(headers['content-type'] ?? ''))
    throw new TerminalError('the host answers with a web page: it wants a sign-in, or its API is elsewhere');
  return { read: { status, headers, body }, size: text.length };
}

function parse(text: string): Json | undefined {
  try {
    return text.trim() === '' ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** Of the link only the query counts: behind a proxy hosts often take themselves for another. */
function nextLink(answer: HostAnswer, { path }: HostRequest): string | undefined {
  const link = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(headerOf(answer, 'link') ?? '')?.[1];
  return link === undefined ? undefined : `${path}?${link.split('?')[1] ?? ''}`;
}

function isWell({ status }: HostAnswer): boolean {
  return status >= 200 && status < 300;
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 307 || status === 308;
}

/** From HTTP up to HTTPS is no other host. */
function isSameHost(from: URL, to: URL): boolean {
  return (
    from.origin === to.origin ||
    (from.hostname === to.hostname && from.protocol === 'http:' && to.protocol === 'https:')
  );
}

function isRefusedAddress(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    // By name: it is loaded when needed, and may come from another copy.
    if (cause.name === 'AddressRefused') return true;
  return false;
}
