import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDev, type DevServer } from '../../src/dev/dev.ts';
import { dataFiles } from '../../src/dev/data-folder.ts';
import { createToolResolver } from '../../src/tools/tools.ts';

/** A Temporal server that goes down and comes back at the same address with what it knew. */
export interface RestartingServer {
  readonly address: string;
  readonly namespace: string;
  /** Kills it and starts it again. Answers whether it did: not while it is just starting. */
  restart(): Promise<boolean>;
  close(): Promise<void>;
}

/** Starts the server on a free port, below those that the system gives to connections: nobody takes it meanwhile. */
export async function openRestartingServer(data: string): Promise<RestartingServer> {
  const tools = createToolResolver({ env: process.env });
  const start = (port: number) => startDev({ data, port, tools, log: () => {} });
  let server: DevServer = await start(20_000 + Math.floor(Math.random() * 10_000));
  const { address, namespace } = server;
  const port = Number(address.split(':').at(-1));
  const comeBack = async () => {
    const { pid } = JSON.parse(readFileSync(dataFiles(data).server, 'utf8')) as { readonly pid: number };
    process.kill(pid, 'SIGKILL');
    await server.exited;
    server = await start(port);
    for (let attempt = 1; server.address !== address; attempt++) {
      await server.close();
      if (attempt === 10) throw new Error(`the server cannot come back at ${address}`);
      await sleep(1000);
      server = await start(port);
    }
  };
  let isRestarting = false;
  return {
    address,
    namespace,
    async restart() {
      if (isRestarting) return false;
      isRestarting = true;
      await comeBack();
      isRestarting = false;
      return true;
    },
    close: () => server.close(),
  };
}
