import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveGit } from './git-http-backend.ts';
import { serveLarge } from './lfs-server.ts';

/** Repositories over HTTP, for one user with a password. */
export interface GitServer {
  readonly url: string;
  /** Requests that were refused, and those of them that came without any password. */
  refused(): number;
  challenges(): number;
  passwords(): readonly string[];
  redirectTo(url: string): void;
  /** Whether the user may push from now on. */
  allowPushes(allowed: boolean): void;
  /** Large files by their SHA-256, for who is offered them. */
  readonly large: Map<string, Buffer>;
  offerLarge(offered: boolean): void;
  close(): Promise<void>;
}

/** `git http-backend` behind Node's own server on a free port of the loopback, with basic authentication. */
export async function openGitServer(root: string, user: string, secret: string): Promise<GitServer> {
  const passwords: string[] = [];
  let refused = 0;
  let challenges = 0;
  let target: string | undefined;
  let mayPush = true;
  const large = new Map<string, Buffer>();
  let isLarge = false;
  const server = createServer((request, response) => {
    if (target) return void response.writeHead(302, { location: target + request.url }).end();
    const given = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const text = given && Buffer.from(given, 'base64').toString();
    if (text) passwords.push(text);
    if (!mayPush && request.url?.includes('git-receive-pack')) return void response.writeHead(403).end();
    if (text === `${user}:${secret}`) {
      if (!request.url?.includes('/info/lfs')) return serveGit(root, request, response);
      if (isLarge) return void serveLarge(large, request, response);
      return void response.writeHead(404).end();
    }
    refused += 1;
    if (!text) challenges += 1;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    challenges: () => challenges,
    passwords: () => passwords,
    redirectTo: (url) => (target = url),
    allowPushes: (allowed) => (mayPush = allowed),
    large,
    offerLarge: (offered) => (isLarge = offered),
    close: () => close(server),
  };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
