import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gitEnvironment } from './git-repository.ts';

/** What stops at a gate: a request before it is served, its answer, or nothing (then it is refused with 503). */
type Gate = 'request' | 'answer' | 'refuse';

/** Repositories over HTTP, some of whose requests wait until the gates open. */
export interface GatedGitServer {
  readonly url: string;
  /** Stops requests whose URL matches. */
  close(pattern: RegExp, gate: Gate): void;
  /** How many have met a gate. */
  met(pattern: RegExp): number;
  /** Lets everything through, now and from now on. */
  open(): void;
  end(): Promise<void>;
}

/** `git http-backend` behind gates; `/open/…` says as JSON whether they are open. */
export async function openGatedGitServer(root: string): Promise<GatedGitServer> {
  const gates: { pattern: RegExp; gate: Gate }[] = [];
  const met: string[] = [];
  let letThrough = () => {};
  const opened = new Promise<void>((resolve) => (letThrough = resolve));
  let isOpen = false;
  const server = createServer((request, response) => void handle(request, response));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    const gate = isOpen ? undefined : gates.find(({ pattern }) => pattern.test(url))?.gate;
    if (gate) met.push(url);
    if (url.startsWith('/open/')) return sendJson(response, { open: isOpen });
    if (gate === 'refuse') return void response.writeHead(503).end();
    if (gate === 'request') await opened;
    const printed = await runBackend(root, request);
    if (gate === 'answer') await opened;
    send(printed, response);
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: (pattern, gate) => void gates.push({ pattern, gate }),
    met: (pattern) => met.filter((url) => pattern.test(url)).length,
    open() {
      isOpen = true;
      letThrough();
    },
    async end() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function runBackend(root: string, request: IncomingMessage): Promise<Buffer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'alice',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  backend.stdin.on('error', () => {});
  request.on('aborted', () => backend.stdin.end());
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((done) => backend.on('close', done));
  return Buffer.concat(chunks);
}

function send(printed: Buffer, response: ServerResponse): void {
  const end = printed.indexOf('\r\n\r\n');
  if (end < 0) return void response.destroy();
  const lines = printed.subarray(0, end).toString().split('\r\n');
  const headers = lines.map((line) => line.split(': ') as [string, string]);
  const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
  const kept = headers.filter(([name]) => name !== 'Status');
  response.writeHead(Number.parseInt(status, 10), Object.fromEntries(kept)).end(printed.subarray(end + 4));
}
