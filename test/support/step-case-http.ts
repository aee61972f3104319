import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Bindings, fillIn } from './step-case-match.ts';
import { type CaseArchive, packTar } from './tar.ts';

/** What the HTTP server of a case answers. */
export interface CaseRoute {
  readonly path: string;
  readonly method?: string;
  readonly response: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?:
      | string
      | { readonly repeat: string; readonly count: number }
      | { readonly base64: string }
      | { readonly tar: CaseArchive };
    readonly delayMs?: number;
  };
}

/** A request as cases write it. */
export interface CaseRequest {
  readonly method: string;
  readonly path: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | { readonly sha256: string; readonly size: number };
}

/** A server on loopback that notes what it is asked; must be closed. */
export interface CaseServer {
  readonly url: string;
  readonly requests: readonly CaseRequest[];
  close(): Promise<void>;
}

/** Starts one; placeholders for its address are bound, and filled in in what it answers. */
export async function openCaseServer(given: readonly CaseRoute[], bindings: Bindings): Promise<CaseServer> {
  const requests: CaseRequest[] = [];
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  bindings.set('<http>', `http://${host}`);
  bindings.set('<http-host>', host);
  const routes = fillIn(given, bindings) as readonly CaseRoute[];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    requests.push(describe(request, Buffer.concat(pieces), host));
    const { pathname } = new URL(request.url ?? '/', `http://${host}`);
    const route = routes.find(
      ({ path, method = request.method }) => path === pathname && method === request.method,
    );
    if (!route) return void response.writeHead(404).end();
    const { status = 200, headers, body, delayMs = 0 } = route.response;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    response.writeHead(status, headers).end(bytesOf(body));
  }

  return {
    url: `http://${host}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const usual = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'host',
  'transfer-encoding',
  'user-agent',
]);

function describe(request: IncomingMessage, body: Buffer, host: string): CaseRequest {
  const { method = '', url = '', headers, rawHeaders } = request;
  // A proxy is given the whole address.
  const path = url.replace(/^https?:\/\/[^/]+/, '');
  const names = rawHeaders.filter((name, index) => index % 2 === 0 && !usual.has(name.toLowerCase()));
  const own = names.map((name) => [canonical(name), String(headers[name.toLowerCase()])] as const);
  return {
    method,
    path,
    ...(headers.host !== host && { host: headers.host ?? '' }),
    ...(own.length > 0 && { headers: Object.fromEntries(own) }),
    ...(body.length > 0 && { body: describeBody(body) }),
  };
}

function describeBody(body: Buffer): Exclude<CaseRequest['body'], undefined> {
  if (body.length < 100_000) return body.toString();
  return { sha256: createHash('sha256').update(body).digest('hex'), size: body.length };
}

function bytesOf(body: CaseRoute['response']['body'] = ''): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  if ('tar' in body) return packTar(body.tar);
  return 'base64' in body ? Buffer.from(body.base64, 'base64') : Buffer.from(body.repeat.repeat(body.count));
}

function canonical(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());
}
