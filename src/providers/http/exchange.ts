import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { got, type Options, type Request, type StreamOptions } from 'got';
import { formatDuration } from '../../core/duration.ts';
import type { AddressRules } from './address-rules.ts';
import { AddressRefused, createRequestFunction } from './connect.ts';
import type { HttpAnswer, HttpRequest, ReadOptions } from './http.ts';
import type { Proxy } from './proxy.ts';
import { stripForeign } from './redirect.ts';

/** Where and how an exchange takes place. */
export interface ExchangeOptions extends ReadOptions {
  readonly rules: AddressRules;
  readonly proxyFor: (url: URL) => Proxy | undefined;
  readonly authorities: () => SecureContext | undefined;
  readonly signal: AbortSignal;
}

/** A request and what is made of its answer; see `Http.send`. */
export async function exchange<T>(
  request: HttpRequest,
  use: (answer: HttpAnswer) => Promise<T>,
  options: ExchangeOptions,
): Promise<T> {
  const deadline = AbortSignal.timeout(request.timeout);
  const signal = AbortSignal.any([options.signal, deadline]);
  const explain = (error: unknown): Error => {
    options.signal.throwIfAborted();
    const reason = deadline.aborted ? `no answer within ${formatDuration(request.timeout)}` : reasonOf(error);
    return new Error(`${describe(request)}: ${reason}`, { cause: error });
  };
  let stream: Request | undefined;
  try {
    stream = got.stream(request.url, optionsFor(request, { ...options, signal }));
    const answer = await firstAnswer(stream).catch((error: unknown) => {
      throw explain(error);
    });
    return await use({ ...answer, body: explained(stream, explain) });
  } finally {
    stream?.destroy();
  }
}

/** The pieces of the body; what breaks on the way is told as the request's own fault. */
async function* explained(
  pieces: AsyncIterable<Buffer>,
  explain: (error: unknown) => Error,
): AsyncGenerator<Buffer> {
  try {
    yield* pieces;
  } catch (error) {
    throw explain(error);
  }
}

function optionsFor(request: HttpRequest, options: ExchangeOptions): StreamOptions {
  const { method, body, headers = [], skipVerify = false, followsRedirects = true } = request;
  const { asStored = false, signal } = options;
  const connect = createRequestFunction({ ...options, verify: !skipVerify });
  const all = {
    method,
    headers: { 'user-agent': 'gantry', ...joinHeaders(headers) },
    ...bodyFor(method, body),
    decompress: !asStored,
    throwHttpErrors: false,
    retry: { limit: 0 },
    // Ten requests in all, as Go makes them.
    maxRedirects: 9,
    methodRewriting: true,
    followRedirect: followsRedirects && !isStream(body),
    https: { rejectUnauthorized: !skipVerify },
    request: connect,
    signal,
    hooks: {
      beforeRedirect: [
        (updated: Options, { url }: { url: string }) => {
          stripForeign(updated, new URL(url));
          if (method === 'HEAD') updated.method = 'HEAD';
        },
      ],
    },
  };
  return all as unknown as StreamOptions;
}

/** Without a body the stream would wait for somebody to write one, where the method may have one. */
function bodyFor(method: string, body: HttpRequest['body']): StreamOptions {
  if (method === 'HEAD') return {};
  if (isStream(body)) return { body: Readable.from(body, { objectMode: false }) };
  if (method !== 'GET') return { body: body ?? '' };
  return body ? { body, allowGetBody: true } : {};
}

/** Says whether a body comes in pieces, which can be read only once. */
export function isStream(body: HttpRequest['body']): body is AsyncIterable<Buffer> {
  return typeof body === 'object' && !Buffer.isBuffer(body);
}

/** Names that stand there twice become a list; `Host` may stand there once. */
function joinHeaders(headers: HttpRequest['headers'] = []): Record<string, string | string[]> {
  const joined: Record<string, string[]> = {};
  for (const { name, value } of headers) (joined[name.toLowerCase()] ??= []).push(value);
  return Object.fromEntries(
    Object.entries(joined).map(([name, values]) => [name, values.length === 1 ? values[0]! : values]),
  );
}

function firstAnswer(stream: Request): Promise<Omit<HttpAnswer, 'body'>> {
  return new Promise((resolve, reject) => {
    stream.once('response', ({ statusCode, headers, rawHeaders }: IncomingMessage) => {
      const length = headers['content-length'] ?? '';
      const announced = /^\d+$/.test(length) ? Number(length) : undefined;
      resolve({ status: statusCode ?? 0, headers, rawHeaders, announced });
    });
    // Stays: an error after the answer is told by whoever reads the body.
    stream.on('error', reject);
  });
}

/** Neither user and password nor the query: secrets stand there. */
function describe({ method, url }: HttpRequest): string {
  return `${method} ${url.protocol}//${url.host}${url.pathname}`;
}

function reasonOf(error: unknown): string {
  const { cause, code, message } = error as NodeJS.ErrnoException;
  if (cause instanceof AddressRefused) return cause.message;
  if (error instanceof AddressRefused) return error.message;
  const words = typeof code === 'string' ? reasons[code] : undefined;
  return words ?? message;
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host cannot be looked up at the moment',
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection was cut off',
  ERR_TOO_MANY_REDIRECTS: 'it redirects more than 10 times',
};
