import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveGit } from '../../../test/support/git-http-backend.ts';

/** Repositories of a folder over HTTP. */
export interface RepositoryServer {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the bare repositories in a folder by `git http-backend`, on a free port of the loopback. */
export async function serveRepositories(root: string): Promise<RepositoryServer> {
  const server = createServer((request, response) => serveGit(root, request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
