/**
 * Records the histories that the replay test plays: `tsx scripts/record-history.ts [NAME...]`. Starts a server of its own,
 * plays every shape of `test/histories/shapes.ts` on it and writes `test/histories/<name>.json`.
 */
import { writeFile } from 'node:fs/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { shapes, shortHistory, shortShapes } from '../test/histories/shapes.ts';
import { openOwnServer } from '../test/support/own-server.ts';
import type { PromotionRig } from '../test/support/promotion-rig.ts';

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(shapes);
await recordAll(names.filter((name) => !shortShapes.has(name)));
await recordAll(
  names.filter((name) => shortShapes.has(name)),
  shortHistory,
);

async function recordAll(list: readonly string[], historyLength?: number): Promise<void> {
  if (list.length === 0) return;
  const server = await openOwnServer(historyLength === undefined ? {} : { historyLength });
  try {
    for (const name of list) await record(name, server.rig);
  } finally {
    await server.close();
  }
}

async function record(name: string, rig: PromotionRig): Promise<void> {
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
