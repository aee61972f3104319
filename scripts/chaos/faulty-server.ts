import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gitEnvironment } from '../../test/support/git-repository.ts';
import type { Dice } from './dice.ts';

/** What a request may meet. `lost-answer`: everything is done, and nobody is told. */
const faults = ['refused', 'reset', 'slow', 'cut-off', 'lost-answer'] as const;
export type Fault = (typeof faults)[number];

/** Repositories over HTTP that fail as networks do, and something to wait for below `/NAME/ready/`. */
export interface FaultyServer {
  readonly url: string;
  /** How likely a request meets a fault. */
  likelihood: number;
  readonly injected: Readonly<Record<Fault, number>>;
  close(): Promise<void>;
}

/** Opens the server on a free port of the loopback. */
export async function openFaultyServer(root: string, dice: Dice): Promise<FaultyServer> {
  const injected = { refused: 0, reset: 0, slow: 0, 'cut-off': 0, 'lost-answer': 0 };
  const looks = new Map<string, number>();
  const server = createServer((request, response) => {
    const fault = dice.chance(self.likelihood) ? dice.pick(faults) : undefined;
    if (fault) injected[fault] += 1;
    const { url = '/' } = request;
    if (/^\/[^/]+\/ready\//.test(url)) answerLook(looks, url, fault, response);
    else void serve(root, request, response, fault);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const self = {
    url: `http://127.0.0.1:${port}`,
    likelihood: 0,
    injected,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return self;
}

/** Ready at the third look. */
function answerLook(
  looks: Map<string, number>,
  url: string,
  fault: Fault | undefined,
  response: ServerResponse,
): void {
  if (fault === 'refused') return void response.writeHead(503).end();
  if (fault && fault !== 'slow') return void response.destroy();
  const count = (looks.get(url) ?? 0) + 1;
  looks.set(url, count);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ready: count > 2 }));
}

async function serve(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  if (fault === 'refused') return void response.writeHead(503).end();
  if (fault === 'reset') return void response.destroy();
  if (fault === 'slow') await sleep(3000);
  const printed = await runBackend(root, request);
  if (fault === 'lost-answer') return void response.destroy();
  answer(printed, response, fault === 'cut-off');
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
  // Who asks may be killed in the middle, and so may what answers.
  backend.stdin.on('error', () => {});
  request.on('aborted', () => backend.stdin.end());
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((done) => backend.on('close', done));
  return Buffer.concat(chunks);
}

/** What a CGI program printed, as a response; half of it when cut off. */
function answer(printed: Buffer, response: ServerResponse, isCutOff: boolean): void {
  const end = printed.indexOf('\r\n\r\n');
  if (end < 0) return void response.destroy();
  const lines = printed.subarray(0, end).toString().split('\r\n');
  const headers = lines.map((line) => line.split(': ') as [string, string]);
  const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
  const body = printed.subarray(end + 4);
  response.writeHead(Number.parseInt(status, 10), {
    ...Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
    'content-length': body.length,
  });
  if (!isCutOff) return void response.end(body);
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}
