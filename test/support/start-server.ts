import { readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataFiles } from '../../src/dev/data-folder.ts';
import { startDev, type DevServer } from '../../src/dev/dev.ts';
import { createToolResolver, type ToolResolver } from '../../src/tools/tools.ts';
import { startPostgresServer } from './postgres-server.ts';

/** A Temporal server of a test's own. */
export interface StartedServer {
  readonly address: string;
  readonly namespace: string;
  /** Kills it and starts it again at the same address with what it knew. Answers false while it is just starting. */
  restart(): Promise<boolean>;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** Events after which the server asks for a new history; default its own 4096. */
  readonly historyLength?: number | undefined;
}

/** Starts what `gantry dev` runs, or with GANTRY_TEST_SERVER=postgres what clusters run; `data` is made. Must be closed. */
export async function startServer(
  data: string,
  { historyLength }: ServerOptions = {},
): Promise<StartedServer> {
  await mkdir(data, { recursive: true });
  const settings =
    historyLength === undefined ? {} : { 'limit.historyCount.suggestContinueAsNew': historyLength };
  const isPostgres = process.env['GANTRY_TEST_SERVER'] === 'postgres';
  const server = isPostgres
    ? await startPostgresServer(data, settings)
    : await startEmbedded(data, await toolsWith(data, settings));
  let isRestarting = false;
  return {
    ...server,
    async restart() {
      if (isRestarting) return false;
      isRestarting = true;
      await server.restart();
      isRestarting = false;
      return true;
    },
  };
}

/** On a free port below those that the system gives to connections: nobody takes it while the server is away. */
async function startEmbedded(data: string, tools: ToolResolver) {
  const start = (port: number) => startDev({ data, port, tools, log: () => {} });
  let server: DevServer = await start(20_000 + Math.floor(Math.random() * 10_000));
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
      for (let attempt = 1; server.address !== address; attempt++) {
        await server.close();
        if (attempt === 10) throw new Error(`the server cannot come back at ${address}`);
        await sleep(1000);
        server = await start(port);
      }
    },
    close: () => server.close(),
  };
}

/** The usual tools, but a `temporal` whose server is told these things more. */
async function toolsWith(folder: string, settings: Readonly<Record<string, number>>): Promise<ToolResolver> {
  const tools = createToolResolver({ env: process.env });
  if (Object.keys(settings).length === 0) return tools;
  const tool = await tools.resolve('temporal');
  const path = join(folder, 'temporal-with-arguments');
  const more = Object.entries(settings).map(([name, value]) => `--dynamic-config-value ${name}=${value}`);
  const script = `#!/bin/sh
if [ "$1" = server ]; then exec '${tool.path}' "$@" ${more.join(' ')}; fi
exec '${tool.path}' "$@"
`;
  await writeFile(path, script);
  await chmod(path, 0o700);
  return { ...tools, resolve: async () => ({ ...tool, path }) };
}
