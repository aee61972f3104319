import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { askGit, type Reply } from '../../test/support/git-http-backend.ts';
import type { Dice } from './dice.ts';
import { forward } from './forward.ts';

/** What a request may meet. `lost-answer`: everything is done, and nobody is told. */
const faults = ['refused', 'reset', 'slow', 'cut-off', 'lost-answer'] as const;
export type Fault = (typeof faults)[number];

/** Repositories over HTTP that fail as networks do, and something to wait for below `/NAME/ready/`. */
export interface FaultyServer {
  readonly url: string;
  /** A Git host that answers, through the same faults, everything below these paths. */
  upstream?: { readonly origin: string; readonly paths: RegExp };
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
    const fault = dice.chance(likelihoodOf(request, self.likelihood)) ? dice.pick(faults) : undefined;
    if (fault) injected[fault] += 1;
    const { url = '/' } = request;
    if (/^\/[^/]+\/ready\//.test(url)) answerLook(looks, url, fault, response);
    else void serve(() => reply(request), response, fault);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const reply = (request: IncomingMessage) =>
    self.upstream?.paths.test(request.url ?? '/')
      ? forward(self.upstream.origin, request)
      : askGit(root, request);
  const self: FaultyServer = {
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

/** The moment that must not be repeated: there are few of it, so it meets more. */
function likelihoodOf({ method, url = '/' }: IncomingMessage, usual: number): number {
  const isOpening = method === 'POST' && url.endsWith('/pulls');
  return isOpening ? Math.min(usual * 8, 0.8) : usual;
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
  reply: () => Promise<Reply | undefined>,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  if (fault === 'refused') return void response.writeHead(503).end();
  if (fault === 'reset') return void response.destroy();
  if (fault === 'slow') await sleep(3000);
  const replied = await reply();
  if (!replied || fault === 'lost-answer') return void response.destroy();
  answer(replied, response, fault === 'cut-off');
}

/** Half of it when cut off. */
function answer({ status, headers, body }: Reply, response: ServerResponse, isCutOff: boolean): void {
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, { ...headers, ...(hasBody && { 'content-length': body.length }) });
  if (!isCutOff || !hasBody) return void response.end(body);
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}
