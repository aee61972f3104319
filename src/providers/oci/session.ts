import { setTimeout as wait } from 'node:timers/promises';
import { isIP } from 'node:net';
import { isObject, type Json } from '../../core/json.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { isStream } from '../http/exchange.ts';
import type { Http, HttpAnswer, HttpRequest } from '../http/http.ts';
import { readBody } from '../http/read-body.ts';
import { parseChallenge, type Challenge } from './challenge.ts';

/** Which registry is spoken to, and how. */
export interface SessionOptions {
  readonly http: Http;
  /** With port. */
  readonly host: string;
  /** Undefined = anonymous. */
  readonly credentials: Credentials | undefined;
  readonly skipVerify: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds for which a request is made again that the registry could not take. */
  readonly patience: number;
}

/** What is asked of a registry. */
export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** From `/v2/` on, or an address that the registry gave. */
  readonly path: string;
  /** What a token must allow: `repository:a/b:pull`. */
  readonly scopes: readonly string[];
  readonly headers?: HttpRequest['headers'];
  readonly body?: HttpRequest['body'];
}

/** One registry with one set of credentials. Sends them to it and to the token service it names, to nobody else. */
export class RegistrySession {
  readonly #options: SessionOptions;
  readonly #headers = new Map<string, string>();
  #base: Promise<URL> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Gives the answer to `use`, whatever its status but 401 when credentials can be shown. Rejects as `Http.send` does. */
  async send<T>(request: RegistryRequest, use: (answer: HttpAnswer) => Promise<T>): Promise<T> {
    const url = new URL(request.path, await this.#open());
    const first = await this.#attempt(request, url, use);
    if (!('challenge' in first)) return first.result;
    // A body that has been read cannot be sent again.
    if (isStream(request.body))
      throw new Error(`${this.#options.host}: the registry wants a new token in the middle`);
    await this.#authorize(request.scopes, first.challenge);
    const second = await this.#attempt(request, url, use);
    if (!('challenge' in second)) return second.result;
    throw new Error(this.#explainRefusal());
  }

  async #attempt<T>(
    request: RegistryRequest,
    url: URL,
    use: (answer: HttpAnswer) => Promise<T>,
  ): Promise<{ readonly result: T } | { readonly challenge: Challenge | undefined }> {
    const { method, headers = [], body, scopes } = request;
    const { host } = await this.#open();
    // Uploads may go to another host, which is told nothing.
    const known = url.host === host ? this.#headers.get(scopes.join(' ')) : undefined;
    const own = known === undefined ? [] : [{ name: 'authorization', value: known }];
    const sent = { method, url, headers: [...headers, ...own], timeout: longTransfer, ...this.#trust() };
    return this.#persist({ ...sent, ...(body !== undefined && { body }) }, async (answer) =>
      answer.status === 401
        ? { challenge: parseChallenge(answer.headers['www-authenticate']) }
        : { result: await use(answer) },
    );
  }

  #open(): Promise<URL> {
    this.#base ??= this.#findBase().catch((error: unknown) => {
      this.#base = undefined;
      throw error;
    });
    return this.#base;
  }

  /** The registry answers by HTTPS; only one on this host or in a private network may do without. */
  async #findBase(): Promise<URL> {
    const { host, http } = this.#options;
    const secure = new URL(`https://${host}`);
    if (!mayBePlain(secure.hostname)) return secure;
    try {
      const ping = { method: 'GET', url: new URL('/v2/', secure), timeout: 10_000, ...this.#trust() };
      return await http.send(ping, async () => secure);
    } catch (error) {
      this.#options.signal.throwIfAborted();
      const plain = new URL(`http://${host}`);
      const ping = { method: 'GET', url: new URL('/v2/', plain), timeout: 10_000 };
      return http.send(ping, async () => plain).catch(() => Promise.reject(error));
    }
  }

  async #authorize(scopes: readonly string[], challenge: Challenge | undefined): Promise<void> {
    const { host, credentials } = this.#options;
    if (!challenge) throw new Error(`${host}: the registry refuses access and does not say how to get it`);
    const isShown = this.#headers.has(scopes.join(' '));
    if (isShown && challenge.scheme === 'basic') throw new Error(this.#explainRefusal());
    if (credentials?.password) await this.#checkSecrecy();
    const header =
      challenge.scheme === 'basic' ? this.#basic() : `Bearer ${await this.#fetchToken(scopes, challenge)}`;
    if (header === undefined) throw new Error(this.#explainRefusal());
    this.#headers.set(scopes.join(' '), header);
  }

  /** A password goes over the wire in the clear only on this host, or where the user says that it does not matter. */
  async #checkSecrecy(): Promise<void> {
    const base = await this.#open();
    if (base.protocol === 'https:' || isLoopback(base.hostname) || this.#options.skipVerify) return;
    throw new Error(
      `${base.host} does not speak HTTPS: its credentials are not sent; insecureSkipTLSVerify: true allows it`,
    );
  }

  async #fetchToken(
    scopes: readonly string[],
    { realm, service }: Extract<Challenge, { scheme: 'bearer' }>,
  ): Promise<string> {
    const { host } = this.#options;
    const base = await this.#open();
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    if (!url || (url.protocol !== 'https:' && url.protocol !== base.protocol))
      throw new Error(`${host}: the registry names a token service that is not safe to ask`);
    if (service !== undefined) url.searchParams.set('service', service);
    for (const scope of scopes) url.searchParams.append('scope', scope);
    const basic = this.#basic();
    const headers = basic === undefined ? [] : [{ name: 'authorization', value: basic }];
    return this.#persist(
      { method: 'GET', url, headers, timeout: 30_000, ...this.#trust() },
      async (answer) => {
        if (answer.status === 401 || answer.status === 403) throw new Error(this.#explainRefusal());
        if (answer.status !== 200)
          throw new Error(`${host}: its token service ${url.host} answers with status ${answer.status}`);
        return readToken(await readBody(answer, 1024 * 1024), url.host);
      },
    );
  }

  /** What the registry could not take is sent again for a while, growing slower. */
  async #persist<T>(request: HttpRequest, use: (answer: HttpAnswer) => Promise<T>): Promise<T> {
    const { http, signal, patience } = this.#options;
    const until = Date.now() + patience;
    const mayRepeat = !isStream(request.body) && request.method !== 'POST';
    for (let pause = 500; ; pause *= 2) {
      const isLast = !mayRepeat || Date.now() + pause > until;
      let [busy, isUsed] = [0, false];
      try {
        return await http.send(
          request,
          async (answer) => {
            const isBusy = answer.status === 429 || answer.status >= 500;
            if (isBusy && !isLast) {
              busy = Number(answer.headers['retry-after'] ?? 0) * 1000 || 1;
              throw new Error(`status ${answer.status}`);
            }
            isUsed = true;
            return use(answer);
          },
          { asStored: true },
        );
      } catch (error) {
        signal.throwIfAborted();
        if (isLast || isUsed || (busy === 0 && !isPassing(error))) throw error;
        await wait(Math.min(Math.max(pause, busy), Math.max(until - Date.now(), 0)), undefined, { signal });
      }
    }
  }

  #basic(): string | undefined {
    const { username = '', password } = this.#options.credentials ?? {};
    return password ? `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` : undefined;
  }

  #trust(): Pick<HttpRequest, 'skipVerify'> {
    return this.#options.skipVerify ? { skipVerify: true } : {};
  }

  #explainRefusal(): string {
    const { host, credentials } = this.#options;
    return credentials?.password
      ? `${host} refuses the credentials of the project`
      : `${host} wants credentials, and the project has none for this repository: a Secret with the label kargo.akuity.io/cred-type`;
  }
}

/** Milliseconds for one blob. */
const longTransfer = 60 * 60 * 1000;

/** Says whether a connection may come about next time. */
function isPassing(error: unknown): boolean {
  const { cause } = error as Error;
  return passing.has(String((cause as NodeJS.ErrnoException | undefined)?.code));
}

const passing: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);

function readToken(body: Buffer, host: string): string {
  let value: Json;
  try {
    value = JSON.parse(body.toString()) as Json;
  } catch (error) {
    throw new Error(`the token service ${host} answers with no JSON`, { cause: error });
  }
  const { token, access_token: other } = isObject(value) ? value : {};
  const found = token || other;
  if (typeof found === 'string' && /^[\x21-\x7e]+$/.test(found)) return found;
  throw new Error(`the token service ${host} gives no token`);
}

function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

function mayBePlain(hostname: string): boolean {
  if (isLoopback(hostname) || /\.local(?:host)?$/.test(hostname)) return true;
  return isIP(hostname) === 4 && /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(hostname);
}
