import { connect } from 'node:net';
import type * as TemporalClient from '@temporalio/client';
import type { Connection } from '@temporalio/client';

/** Loads the client while the server starts: both take their time. */
export const loadClient = (): Promise<typeof TemporalClient> => import('@temporalio/client');

/** Resolves when the namespace answers a real request; rejects with the signal's reason. */
export async function openWhenReady(
  address: string,
  namespace: string,
  signal: AbortSignal,
): Promise<Connection> {
  const client = loadClient();
  // gRPC waits a second after a refused connection, a bare socket does not.
  await retry(() => tryPort(address), signal);
  const { Connection } = await client;
  const connection = await retry(() => Connection.connect({ address, connectTimeout: 1_000 }), signal);
  await retry(
    () => connection.withDeadline(Date.now() + 1_000, () => describe(connection, namespace)),
    signal,
  ).catch(async (error: unknown) => {
    await connection.close();
    throw error;
  });
  return connection;
}

/** Lets a namespace keep closed workflows this many days. */
export async function setRetention(connection: Connection, namespace: string, days: number): Promise<void> {
  const { config } = await describe(connection, namespace);
  const { msToTs } = await import('@temporalio/common/lib/time.js');
  const wanted = msToTs(days * 24 * 3_600_000);
  if (String(config?.workflowExecutionRetentionTtl?.seconds) === String(wanted.seconds)) return;
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: wanted },
  });
}

function describe(connection: Connection, namespace: string) {
  return connection.workflowService.describeNamespace({ namespace });
}

async function retry<Value>(look: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await look();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

function tryPort(address: string): Promise<void> {
  const [host, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host!, port: Number(port) });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
