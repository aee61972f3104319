import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { quietTemporal } from './quiet-temporal.ts';
import { openPromotionRig, type PromotionRig, type RigOptions } from './promotion-rig.ts';
import { startServer, type ServerOptions } from './start-server.ts';

export interface OwnServerOptions extends RigOptions, ServerOptions {}

/** A rig on a server of its own, for what would disturb others; `close` ends both. */
export async function openOwnServer(
  options: OwnServerOptions = {},
): Promise<{ readonly rig: PromotionRig; readonly address: string; readonly close: () => Promise<void> }> {
  quietTemporal();
  const server = await openBareServer(options);
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

/** A server of its own that nobody polls. */
export async function openBareServer(options: ServerOptions = {}): Promise<{
  readonly client: Client;
  readonly address: string;
  readonly close: () => Promise<void>;
}> {
  const data = await mkdtemp(join(tmpdir(), 'gantry-own-server-'));
  const server = await startServer(data, options);
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
