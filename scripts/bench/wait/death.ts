import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../../src/core/json.ts';
import { createPromotions } from '../../../src/client/promotions.ts';
import { awaitStatus } from '../../../test/support/pipeline.ts';
import { openServer, type BenchServer } from '../installation.ts';
import type { Measure } from '../measure.ts';
import { createDoors, type Doors } from './door.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

const rounds = 4;
/** Milliseconds from `kill -9` to the same step under way elsewhere. */
const limit = 15_000;

/**
 * A worker is killed with the workflows and the steps it runs; another is there. How long until it runs the steps, those
 * that work on files and those that do not.
 */
export async function measureDeath(): Promise<readonly Measure[]> {
  const server = await openServer();
  const doors = await createDoors();
  let worker = await startWorkerProcess(server.address, server.folder, 'worker-0');
  const times = { io: [] as number[], files: [] as number[] };
  try {
    for (let round = 1; round <= rounds; round++) {
      const next = () => startWorkerProcess(server.address, server.folder, `worker-${round}`);
      worker = await killDuring({ server, doors, worker, round, next }, times);
    }
  } finally {
    await worker.end('SIGTERM');
    await doors.close();
    await server.close();
  }
  return [measure('wait/death/io', times.io), measure('wait/death/files', times.files)];
}

interface Round {
  readonly server: BenchServer;
  readonly doors: Doors;
  readonly worker: WorkerProcess;
  readonly round: number;
  readonly next: () => Promise<WorkerProcess>;
}

/** Kills the worker and answers the one that took over. */
async function killDuring(
  { server, doors, worker, round, next }: Round,
  times: { readonly io: number[]; readonly files: number[] },
): Promise<WorkerProcess> {
  const promotions = createPromotions(server.client);
  const [io, files] = [`io-${round}`, `files-${round}`];
  const started = await Promise.all([
    promotions.start(requestOf(doors.url, io, [])),
    promotions.start(requestOf(doors.url, files, [write])),
  ]);
  await Promise.all([doors.visited(io, 1), doors.visited(files, 1)]);
  const other = await next();
  // A heartbeat may have come just now, or be due.
  await sleep(5000 + round * 700);
  const killed = performance.now();
  await worker.end('SIGKILL');
  times.io.push((await doors.visited(io, 2)) - killed);
  times.files.push((await doors.visited(files, 2)) - killed);
  doors.open(io);
  doors.open(files);
  for (const promotion of started) {
    const { phase, message } = await awaitStatus(promotions, promotion);
    if (phase !== 'Succeeded') throw new Error(`the promotion ended as ${phase}: ${message}`);
  }
  return other;
}

function measure(id: string, times: readonly number[]): Measure {
  const slowest = Math.max(...times);
  const all = times.map((ms) => (ms / 1000).toFixed(1)).join(', ');
  const detail = `kill -9 to the step elsewhere: ${all} s; at most ${limit / 1000} s`;
  return { id, ratio: slowest / limit, limit: 1, ok: slowest <= limit, detail };
}

const write = { uses: 'file-write', as: 'write', config: { path: 'body.txt', contents: 'x' } };

function requestOf(url: string, id: string, before: readonly JsonObject[]): JsonObject {
  const body = before.length > 0 && { bodyFromFile: 'body.txt' };
  return {
    project: 'bench',
    stage: 'test',
    freight: { images: [{ repoURL: 'example/hello', tag: '1.0.0' }] },
    steps: [
      ...before,
      {
        uses: 'http',
        as: 'stay',
        config: { url: `${url}/stay/${id}`, method: 'PUT', timeout: '5m', ...body },
      },
    ],
  };
}
