import { readFileSync } from 'node:fs';
import { startDev, type DevServer } from '../../src/dev/dev.ts';
import { dataFiles } from '../../src/dev/data-folder.ts';
import { createToolResolver } from '../../src/tools/tools.ts';

/** A Temporal server that goes down and comes back at the same address with what it knew. */
export interface RestartingServer {
  readonly address: string;
  readonly namespace: string;
  /** Kills it and starts it again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the server on a free port. */
export async function openRestartingServer(data: string): Promise<RestartingServer> {
  const tools = createToolResolver({ env: process.env });
  const start = (port: number) => startDev({ data, port, tools, log: () => {} });
  let server: DevServer = await start(0);
  const { address, namespace } = server;
  const port = Number(address.split(':').at(-1));
  return {
    address,
    namespace,
    async restart() {
      const { pid } = JSON.parse(readFileSync(dataFiles(data).server, 'utf8')) as { readonly pid: number };
      process.kill(pid, 'SIGKILL');
      await server.exited;
      server = await start(port);
      if (server.address !== address) throw new Error(`the server came back at ${server.address}`);
    },
    close: () => server.close(),
  };
}
