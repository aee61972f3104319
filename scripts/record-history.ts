/**
 * Records the histories that the replay test plays: `tsx scripts/record-history.ts [NAME...]`. Starts a server of its own,
 * plays every shape of `test/histories/shapes.ts` on it and writes `test/histories/<name>.json`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { NativeConnection } from '@temporalio/worker';
import { startDev } from '../src/dev/dev.ts';
import { createToolResolver } from '../src/tools/tools.ts';
import { shapes } from '../test/histories/shapes.ts';
import { openPromotionRig } from '../test/support/promotion-rig.ts';

const names = process.argv.slice(2);
const data = await mkdtemp(join(tmpdir(), 'gantry-history-'));
const server = await startDev({
  data,
  port: 0,
  tools: createToolResolver({ env: process.env }),
  log: () => {},
});
const connection = await Connection.connect({ address: server.address });
const native = await NativeConnection.connect({ address: server.address });
const rig = await openPromotionRig(new Client({ connection }), native);
try {
  for (const name of names.length > 0 ? names : Object.keys(shapes)) await record(name);
} finally {
  await rig.close();
  await native.close();
  await connection.close();
  await server.close();
  await rm(data, { recursive: true, force: true });
}

async function record(name: string): Promise<void> {
  const handle = await shapes[name]!(rig);
  const history: unknown = JSON.parse(historyToJSON(await handle.fetchHistory()), withoutMachine);
  const file = new URL(`../test/histories/${name}.json`, import.meta.url);
  await writeFile(file, `${JSON.stringify(history, null, 1)}\n`);
  console.error(`wrote ${name}.json`);
}

/** What tells of the machine that recorded, and means nothing to a replay. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  if (key === 'binaryChecksum' || key === 'buildId') return 'build';
  const isProcess = typeof value === 'string' && /^\d+@/.test(value);
  return isProcess ? 'worker' : value;
}
