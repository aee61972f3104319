import { createServer } from 'node:net';

/** The first free port of 127.0.0.1 from `wanted` on; any free one for 0. Rejects after 100 busy ones. */
export async function findFreePort(wanted: number, taken: readonly number[] = []): Promise<number> {
  for (let port = wanted; port < wanted + 100 && port <= 65_535; port += wanted === 0 ? 0 : 1) {
    const free = await probe(port);
    if (free !== undefined && !taken.includes(free)) return free;
  }
  throw new Error(`The ports from ${wanted} on are all busy: choose another with --port`);
}

async function probe(port: number): Promise<number | undefined> {
  const server = createServer();
  const bound = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
  if (!bound) return undefined;
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' ? address?.port : undefined;
}
