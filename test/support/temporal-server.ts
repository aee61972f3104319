import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { quietTemporal } from './quiet-temporal.ts';
import { startServer } from './start-server.ts';

export interface TestServer {
  readonly address: string;
  readonly namespace: string;
  /** One client for all tests; closed when the run ends. */
  client(): Promise<Client>;
  /** One connection for all workers of the tests; closed when the run ends, so workers must have stopped. */
  nativeConnection(): Promise<NativeConnection>;
}

let running: Promise<TestServer> | undefined;
const openThings: (() => Promise<unknown>)[] = [];

/**
 * The one real server of this test run, started when first asked for and stopped after the last test. All tests
 * share its namespace, so ids must be their own. Call it in a `before` hook.
 */
export function useTemporalServer(): Promise<TestServer> {
  return (running ??= openServer());
}

// Importing this file from a test registers the hook on the root suite, whichever test asks first.
after('stop the Temporal server', async function () {
  this.timeout(15_000);
  for (const close of openThings.toReversed()) await close();
});

async function openServer(): Promise<TestServer> {
  quietTemporal();
  const data = await mkdtemp(join(tmpdir(), 'gantry-test-server-'));
  openThings.push(() => rm(data, { recursive: true, force: true }));
  const server = await startServer(data);
  openThings.push(() => server.close());
  // The native core ends with its last worker or connection: a run that opened none would wait for it for ever.
  openThings.push(() => Runtime.instance().shutdown());
  const { address, namespace } = server;
  const client = once(async () => {
    const connection = await Connection.connect({ address });
    openThings.push(() => connection.close());
    return new Client({ connection, namespace });
  });
  const nativeConnection = once(async () => {
    const connection = await NativeConnection.connect({ address });
    openThings.push(() => connection.close());
    return connection;
  });
  return { address, namespace, client, nativeConnection };
}

function once<Value>(open: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => (value ??= open());
}
