import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { createPromotions, type Promotions } from '../../src/client/promotions.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { startDev } from '../../src/dev/dev.ts';
import { createToolResolver } from '../../src/tools/tools.ts';
import { startWorker } from '../../src/worker.ts';
import { awaitStatus } from '../../test/support/pipeline.ts';

/** A server of a bench's own, and one temporary folder for everything. */
export interface BenchServer {
  readonly folder: string;
  readonly address: string;
  readonly client: Client;
  close(): Promise<void>;
}

/** A server and a worker of a bench's own. */
export interface Installation extends BenchServer {
  readonly promotions: Promotions;
  /** Promotes and waits for the end; throws unless it is a success. */
  promote(request: JsonObject): Promise<void>;
}

const tools = createToolResolver({ env: process.env });

/** Starts the server that `gantry dev` runs. Must be closed. */
export async function openServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
  const server = await startDev({ data: join(folder, 'data'), port: 0, tools, log: () => {} });
  const { address, namespace } = server;
  const connection = await Connection.connect({ address });
  return {
    folder,
    address,
    client: new Client({ connection, namespace }),
    async close() {
      await connection.close();
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Starts that server, and a worker as `gantry worker` starts it. Must be closed. */
export async function openInstallation({ allowInlineSteps = false } = {}): Promise<Installation> {
  const server = await openServer();
  const { folder, address, client } = server;
  const worker = await startWorker({
    connection: { address },
    namespace: client.options.namespace,
    workspaces: join(folder, 'workspaces'),
    tools,
    allowInlineSteps,
    log: { level: 'error', format: 'json' },
  });
  const promotions = createPromotions(client);
  return {
    ...server,
    promotions,
    async promote(request) {
      const { phase, message } = await awaitStatus(promotions, await promotions.start(request));
      if (phase !== 'Succeeded') throw new Error(`the promotion ended as ${phase}: ${message}`);
    },
    async close() {
      await worker.stop();
      await server.close();
    },
  };
}
