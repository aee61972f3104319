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

/** A server and a worker of a bench's own, with everything they need in one temporary folder. */
export interface Installation {
  readonly folder: string;
  readonly address: string;
  readonly client: Client;
  readonly promotions: Promotions;
  /** Promotes and waits for the end; throws unless it is a success. */
  promote(request: JsonObject): Promise<void>;
  close(): Promise<void>;
}

/** Starts the server that `gantry dev` runs, and a worker as `gantry worker` starts it. Must be closed. */
export async function openInstallation({ allowInlineSteps = false } = {}): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
  const tools = createToolResolver({ env: process.env });
  const server = await startDev({ data: join(folder, 'data'), port: 0, tools, log: () => {} });
  const { address, namespace } = server;
  const worker = await startWorker({
    connection: { address },
    namespace,
    workspaces: join(folder, 'workspaces'),
    tools,
    allowInlineSteps,
    log: { level: 'error', format: 'json' },
  });
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const promotions = createPromotions(client);
  return {
    folder,
    address,
    client,
    promotions,
    async promote(request) {
      const { phase, message } = await awaitStatus(promotions, await promotions.start(request));
      if (phase !== 'Succeeded') throw new Error(`the promotion ended as ${phase}: ${message}`);
    },
    async close() {
      await connection.close();
      await worker.stop();
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}
