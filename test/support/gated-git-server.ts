import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGates, type Gates } from './gates.ts';
import { askGit } from './git-http-backend.ts';

/** What stops at a gate: a request before it is served, its answer, or nothing (then it is refused with 503). */
type Gate = 'request' | 'answer' | 'refuse';

/** Repositories over HTTP, some of whose requests wait until the gates open; patterns are for their URLs. */
export interface GatedGitServer {
  readonly url: string;
  readonly gates: Gates<Gate>;
  end(): Promise<void>;
}

/** `git http-backend` behind gates; `/open/…` says as JSON whether they are open. */
export async function openGatedGitServer(root: string): Promise<GatedGitServer> {
  const gates = createGates<Gate>();
  const server = createServer((request, response) => void handle(request, response));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    const gate = gates.meet(url);
    if (url.startsWith('/open/')) return sendJson(response, { open: gates.isOpen });
    if (gate === 'refuse') return void response.writeHead(503).end();
    if (gate === 'request') await gates.opened;
    const reply = await askGit(root, request);
    if (gate === 'answer') await gates.opened;
    if (!reply) return void response.destroy();
    response.writeHead(reply.status, { ...reply.headers }).end(reply.body);
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    gates,
    async end() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
