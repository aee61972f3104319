import { Buffer } from 'node:buffer';
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCodec } from './codec.ts';
import type { Keyring } from './keys.ts';
import { formatPayloads, parsePayloads } from './payload-json.ts';

/** How a codec endpoint is reached, and by whom. */
export interface CodecServerOptions {
  readonly keys: Keyring;
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** Web pages that may ask, as browsers name them: `http://localhost:8233`. */
  readonly origins: readonly string[];
  /** What everybody has to send as `Authorization: Bearer`. */
  readonly token?: string;
}

/** A codec endpoint under way. */
export interface CodecServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `POST /encode` and `POST /decode` as Temporal's Web UI and CLI ask for them. What these keys do not open comes
 * back as it was. Pages of other origins, other names of this host and bodies over 8 MiB are refused.
 */
export async function openCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  const codec = createCodec(options.keys, 'keep');
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    answer(request, options, codec).then(
      ({ status, body = '' }) => end(response, request, options, status, body),
      () => end(response, request, options, 500, '{"message":"the request could not be answered"}'),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Says whether only programs of this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}

interface Answer {
  readonly status: number;
  readonly body?: string;
}

async function answer(
  request: IncomingMessage,
  options: CodecServerOptions,
  codec: ReturnType<typeof createCodec>,
): Promise<Answer> {
  const { method, url = '' } = request;
  const refusal = refuse(request, options);
  if (refusal) return refusal;
  if (method === 'OPTIONS') return { status: 204 };
  const [, task] = /\/(encode|decode)$/.exec(url.replace(/\?.*/, '')) ?? [];
  if (task === undefined) return explain(404, 'ask POST /encode or POST /decode');
  if (method !== 'POST') return explain(405, 'ask by POST');
  // Browsers send this type to strangers only after they have asked.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    return explain(415, 'send application/json');
  if (!isAllowed(request, options)) return explain(401, 'send the token: Authorization: Bearer TOKEN');
  const text = await readBody(request);
  if (text === undefined) return explain(413, `send at most ${mostBytes} bytes`);
  const payloads = parsePayloads(text);
  if (!payloads) return explain(400, 'send {"payloads": [{"metadata": {…}, "data": "…"}]}, bytes as base64');
  const done = await (task === 'encode' ? codec.encode(payloads) : codec.decode(payloads));
  return { status: 200, body: formatPayloads(done) };
}

/** A page can make a browser ask, also under a name that it lets point here. */
function refuse({ headers }: IncomingMessage, { host, origins }: CodecServerOptions): Answer | undefined {
  const { origin, host: called = '' } = headers;
  if (isLoopback(host) && !isLoopback(called.replace(/:\d+$/, '')))
    return explain(403, 'this endpoint is asked under the name of this machine only');
  if (origin !== undefined && !origins.includes(origin))
    return explain(403, `pages of ${origin.slice(0, 100)} may not ask: see --origin`);
  return undefined;
}

function isAllowed({ headers }: IncomingMessage, { token }: CodecServerOptions): boolean {
  if (token === undefined) return true;
  const [sent, wanted] = [Buffer.from(headers.authorization ?? ''), Buffer.from(`Bearer ${token}`)];
  return sent.length === wanted.length && timingSafeEqual(sent, wanted);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= mostBytes) chunks.push(chunk);
    else if (size > 4 * mostBytes) break;
  }
  return size > mostBytes ? undefined : Buffer.concat(chunks).toString();
}

function explain(status: number, message: string): Answer {
  return { status, body: JSON.stringify({ message }) };
}

function end(
  response: ServerResponse,
  { headers }: IncomingMessage,
  { origins }: CodecServerOptions,
  status: number,
  body: string,
): void {
  const { origin } = headers;
  const isKnown = origin !== undefined && origins.includes(origin);
  response.writeHead(status, {
    ...(body && { 'content-type': 'application/json' }),
    'cache-control': 'no-store',
    vary: 'Origin',
    ...(isKnown && {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'content-type, x-namespace, authorization',
      'access-control-allow-private-network': 'true',
      'access-control-max-age': '600',
    }),
  });
  response.end(body);
}

/** More than a page of a history has. */
const mostBytes = 8 * 1024 * 1024;
