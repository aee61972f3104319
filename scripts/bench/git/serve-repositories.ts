import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Repositories of a folder over HTTP. */
export interface RepositoryServer {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the bare repositories in a folder by `git http-backend`, on a free port of the loopback. It is a process of its own,
 * as remotes are: each request starts a program, and from a process as large as this one that takes its time.
 */
export async function serveRepositories(root: string): Promise<RepositoryServer> {
  const server = fork(fileURLToPath(new URL('./repository-server.ts', import.meta.url)), [root]);
  const died = once(server, 'exit').then(([code]) =>
    Promise.reject(new Error(`the HTTP remote ended at its start, with exit code ${code}`)),
  );
  const [port] = (await Promise.race([once(server, 'message'), died])) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}
