import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { startDev } from '../../src/dev/dev.ts';
import { createToolResolver, type ToolResolver } from '../../src/tools/tools.ts';
import { quietTemporal } from './quiet-temporal.ts';
import { openPromotionRig, type PromotionRig, type RigOptions } from './promotion-rig.ts';

export interface OwnServerOptions extends RigOptions {
  /** Events after which the server asks for a new history; default its own 4096. */
  readonly historyLength?: number;
}

/** A rig on a server of its own, for what would disturb others; `close` ends both. */
export async function openOwnServer(
  options: OwnServerOptions = {},
): Promise<{ readonly rig: PromotionRig; readonly address: string; readonly close: () => Promise<void> }> {
  quietTemporal();
  const server = await openBareServer(options.historyLength);
  const native = await NativeConnection.connect({ address: server.address });
  const rig = await openPromotionRig(server.client, native, options);
  return {
    rig,
    address: server.address,
    async close() {
      await rig.close();
      await native.close();
      await server.close();
    },
  };
}

/** A server of its own that nobody polls; `historyLength` as in `OwnServerOptions`. */
export async function openBareServer(historyLength?: number): Promise<{
  readonly client: Client;
  readonly address: string;
  readonly close: () => Promise<void>;
}> {
  const data = await mkdtemp(join(tmpdir(), 'gantry-own-server-'));
  const tools = createToolResolver({ env: process.env });
  const server = await startDev({
    data,
    port: 0,
    tools: historyLength === undefined ? tools : await withArguments(tools, data, historyLength),
    log: () => {},
  });
  const { address } = server;
  const connection = await Connection.connect({ address });
  return {
    client: new Client({ connection }),
    address,
    async close() {
      await connection.close();
      await server.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The same tools, but a `temporal` whose server is told one thing more. */
async function withArguments(tools: ToolResolver, folder: string, length: number): Promise<ToolResolver> {
  const tool = await tools.resolve('temporal');
  const path = join(folder, 'temporal-with-arguments');
  const value = `limit.historyCount.suggestContinueAsNew=${length}`;
  const script = `#!/bin/sh
if [ "$1" = server ]; then exec '${tool.path}' "$@" --dynamic-config-value ${value}; fi
exec '${tool.path}' "$@"
`;
  await writeFile(path, script);
  await chmod(path, 0o700);
  return { ...tools, resolve: async () => ({ ...tool, path }) };
}
