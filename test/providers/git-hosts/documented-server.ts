/** A loopback server that speaks as a page documents it: it takes nothing else, and answers with nothing else. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, valueAt, type Json, type JsonObject } from '../../../src/core/json.ts';

/** What `test/fixtures/git-hosts/<host>.json` holds. */
export interface Documentation {
  readonly calls: Readonly<Record<string, DocumentedCall>>;
  readonly refusals: Readonly<Record<string, DocumentedRefusal>>;
}

export interface DocumentedCall {
  /** Where it is documented. */
  readonly page: string;
  readonly request: {
    readonly method: string;
    /** `/projects/:id`: `:id` stands for any text without a slash. */
    readonly path: string;
    readonly query?: readonly string[];
    readonly body?: readonly string[];
    /** Of query and body. */
    readonly required?: readonly string[];
  };
  readonly answer: { readonly status: number; readonly body?: Json };
}

export interface DocumentedRefusal {
  readonly page: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** `{name}` in its texts is filled in. */
  readonly body?: Json;
}

/** A request that fits its documentation. */
export interface Asked {
  /** Name of the call. */
  readonly call: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly headers: IncomingHttpHeaders;
  /** As the client called the server. */
  readonly origin: string;
  readonly path: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

/** Answers a call; gets the documented answer as an example. */
export type Handler = (asked: Asked, example: Json) => Reply;

/** Thrown by a handler: the refusal of this name. */
export class Refused extends Error {
  readonly values: Readonly<Record<string, string>>;

  constructor(name: string, values: Readonly<Record<string, string>> = {}) {
    super(name);
    this.values = values;
  }
}

export interface DocumentedServer {
  readonly url: string;
  readonly documentation: Documentation;
  /** What was asked for and stands on no page; a test looks that there is nothing. */
  readonly undocumented: readonly string[];
  /** What fitted, in order. */
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export function readDocumentation(host: string): Documentation {
  const file = new URL(`../../fixtures/git-hosts/${host}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Documentation;
}

export interface ServeOptions {
  /** Sees each request that fits, and may refuse it. */
  readonly before?: (asked: Asked) => Reply | undefined;
  /** Path below which all of it lies: `/git`. */
  readonly below?: string;
}

/** Starts it. */
export async function serveDocumented(
  documentation: Documentation,
  handlers: Readonly<Record<string, Handler>>,
  { before = () => undefined, below = '' }: ServeOptions = {},
): Promise<DocumentedServer> {
  const undocumented: string[] = [];
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let reply: Reply;
    try {
      const one = understand(documentation, request, await readBody(request), below);
      asked.push(one);
      const { answer: example } = documentation.calls[one.call]!;
      const handler = handlers[one.call];
      if (!handler) throw new Error(`the test server does not answer ${one.call}`);
      reply = before(one) ?? { status: example.status, ...handler(one, example.body ?? null) };
    } catch (error) {
      reply = error instanceof Refused ? refusal(documentation, error) : confess(error, undocumented);
    }
    const { status = 200, headers = {}, body } = reply;
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const length = Buffer.byteLength(text);
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, ...headers });
    response.end(text);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    documentation,
    undocumented,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The example with other values. Throws when it has no such field: then no page shows it. */
export function like(example: Json, values: JsonObject): JsonObject {
  if (!isObject(example)) throw new Error('the documented answer is no object');
  const merged: Record<string, Json> = { ...example };
  for (const [name, value] of Object.entries(values)) {
    if (!(name in example)) throw new Error(`no page shows ${name} in this answer`);
    const inner = example[name];
    merged[name] = isObject(value) && isObject(inner) ? like(inner, value) : value;
  }
  return merged;
}

/** The text at a path of a request; empty when there is none. */
export function textIn(value: Json, ...path: readonly (string | number)[]): string {
  const found = valueAt(value, path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

/** One page of a list; `size` limits what was asked for. */
export function pageOf<T>(
  all: readonly T[],
  start: number,
  size: number,
): { readonly page: readonly T[]; readonly hasNext: boolean } {
  return { page: all.slice(start, start + size), hasNext: start + size < all.length };
}

function understand({ calls }: Documentation, request: IncomingMessage, text: string, below: string): Asked {
  const origin = `http://${request.headers.host}${below}`;
  const { pathname: whole, searchParams } = new URL(request.url!, origin);
  const pathname = whole.startsWith(`${below}/`) ? whole.slice(below.length) : whole;
  if (pathname === whole && below !== '') throw new Error(`nothing lies outside ${below}: ${whole}`);
  const line = `${request.method} ${pathname}`;
  for (const [call, { request: documented }] of Object.entries(calls)) {
    const params = match(documented.path, pathname);
    if (!params || documented.method !== request.method) continue;
    const body = text === '' ? {} : (JSON.parse(text) as JsonObject);
    check(`query of ${call}`, [...new Set(searchParams.keys())], documented.query ?? []);
    check(`body of ${call}`, Object.keys(body), documented.body ?? []);
    const given = new Set([...searchParams.keys(), ...Object.keys(body)]);
    const missing = (documented.required ?? []).filter((name) => !given.has(name));
    if (missing.length > 0) throw new Error(`${call} lacks ${missing.join(', ')}`);
    return { call, params, query: searchParams, body, headers: request.headers, origin, path: pathname };
  }
  throw new Error(`no page shows ${line}`);
}

function check(what: string, given: readonly string[], documented: readonly string[]): void {
  const odd = given.filter((name) => !documented.includes(name));
  if (odd.length > 0) throw new Error(`no page shows ${odd.join(', ')} in the ${what}`);
}

function match(template: string, pathname: string): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [template.split('/'), pathname.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(given[at]!);
    else if (part !== given[at]) return undefined;
  }
  return params;
}

function refusal({ refusals }: Documentation, { message, values }: Refused): Reply {
  const found = refusals[message];
  if (!found) return confess(new Error(`no page shows the refusal ${message}`), []);
  const { status, headers, body } = found;
  const text = JSON.stringify(body ?? null).replace(/\{(\w+)\}/g, (_, name: string) =>
    JSON.stringify(values[name] ?? name).slice(1, -1),
  );
  return {
    status,
    ...(headers && { headers }),
    ...(body !== undefined && { body: JSON.parse(text) as Json }),
  };
}

function confess(error: unknown, undocumented: string[]): Reply {
  const message = error instanceof Error ? error.message : String(error);
  undocumented.push(message);
  return { status: 400, body: { message: `test server: ${message}` } };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
