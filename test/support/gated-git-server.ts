import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askGit } from './git-http-backend.ts';

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
    const reply = await askGit(root, request);
    if (gate === 'answer') await opened;
    if (!reply) return void response.destroy();
    response.writeHead(reply.status, { ...reply.headers }).end(reply.body);
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
