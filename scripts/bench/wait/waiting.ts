import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../../src/core/json.ts';
import { createPromotions, type PromotionRef } from '../../../src/client/promotions.ts';
import { openServer, type BenchServer } from '../installation.ts';
import { median, type Measure } from '../measure.ts';
import { createDoors, type Doors } from './door.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

/** How many promotions wait at once; fewer for a quick look. Those beyond the first 300 push others out of the cache. */
const count = Number(process.env['WAITING'] ?? 2000);
const sample = Math.min(100, Math.floor(count / 4));
const warmUp = Math.min(50, count);
/** Milliseconds from a signal to the request of the next step, and bytes that all who wait may add. */
const limits = { cached: 50, evicted: 150, slowest: 1000, memory: 250 * 1024 ** 2 };
const mib = 1024 ** 2;

/** Many promotions wait in one worker: how soon each goes on after its signal, what they add, and whether all wake. */
export async function measureWaiting(): Promise<readonly Measure[]> {
  const server = await openServer();
  const doors = await createDoors();
  const worker = await startWorkerProcess(server.address, server.folder, 'worker');
  try {
    return await measureIn({ server, doors, worker });
  } finally {
    await worker.end('SIGTERM');
    await doors.close();
    await server.close();
  }
}

interface Place {
  readonly server: BenchServer;
  readonly doors: Doors;
  readonly worker: WorkerProcess;
}

async function measureIn(place: Place): Promise<readonly Measure[]> {
  const { worker } = place;
  await wakeAll(place, await startAll(place, 'warm', warmUp));
  await sleep(settleTime);
  const before = worker.memory();
  const waiting = await startAll(place, 'wait', count);
  await sleep(settleTime);
  const added = worker.memory() - before;
  const cached = await wakeEach(place, waiting.slice(-sample));
  const evicted = await wakeEach(place, waiting.slice(0, sample));
  const began = performance.now();
  await wakeAll(place, waiting.slice(sample, -sample));
  const seconds = (performance.now() - began) / 1000;
  const lost = await countLost(place.server);
  const slowest = percentile([...cached, ...evicted], 99);
  const of = `${count} promotions wait`;
  return [
    measure('wait/signal/cached', median(cached), limits.cached, 'ms', 'signal to next step, p50'),
    measure('wait/signal/evicted', median(evicted), limits.evicted, 'ms', 'signal to next step, p50'),
    measure('wait/signal/slowest', slowest, limits.slowest, 'ms', `signal to next step, p99 while ${of}`),
    measure('wait/signal/memory', added / mib, limits.memory / mib, 'MiB', `added when ${of}`),
    {
      id: 'wait/signal/lost',
      ratio: lost,
      limit: 0,
      ok: lost === 0,
      detail: `lost, when ${count - 2 * sample} were woken at once: ${seconds.toFixed(1)} s`,
    },
  ];
}

interface Waiting extends PromotionRef {
  readonly id: string;
}

async function startAll({ server, doors }: Place, name: string, many: number): Promise<readonly Waiting[]> {
  const promotions = createPromotions(server.client);
  const ids = Array.from({ length: many }, (_, index) => `${name}-${index}`);
  const started = await eachOf(ids, async (id) => {
    const { workflowId } = await promotions.start(requestOf(doors.url, id));
    return { id, workflowId };
  });
  for (const { id } of started) await doors.visited(id, 1);
  return started;
}

/** One after the other; milliseconds from each signal to the first request of the next step. */
async function wakeEach(place: Place, waiting: readonly Waiting[]): Promise<readonly number[]> {
  const times: number[] = [];
  for (const one of waiting) {
    place.doors.open(one.id);
    const began = performance.now();
    await ring(place, one);
    times.push((await place.doors.passed(one.id)) - began);
  }
  return times;
}

async function wakeAll(place: Place, waiting: readonly Waiting[]): Promise<void> {
  await eachOf(waiting, async (one) => {
    place.doors.open(one.id);
    await ring(place, one);
  });
  for (const { id } of waiting) await Promise.race([place.doors.passed(id), sleep(longestWake)]);
}

function ring({ server }: Place, { workflowId }: Waiting): Promise<void> {
  return server.client.workflow.getHandle(workflowId).signal('pullRequest', { number: 7 });
}

/** Those that have not ended well once there is nothing more to do. */
async function countLost({ client }: BenchServer): Promise<number> {
  const query = "WorkflowType = 'promotion' AND ExecutionStatus = 'Completed'";
  const expected = count + warmUp;
  let done = 0;
  for (let round = 0; round < 100 && done < expected; round++) {
    await sleep(round === 0 ? 0 : 300);
    done = (await client.workflow.count(query)).count;
  }
  return expected - done;
}

async function eachOf<Item, Value>(
  items: readonly Item[],
  work: (item: Item) => Promise<Value>,
): Promise<readonly Value[]> {
  const values: Value[] = [];
  const queue = [...items.entries()];
  const run = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) values[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  return values;
}

const atOnce = 16;

/** Milliseconds. */
const settleTime = 5000;
const longestWake = 120_000;

function percentile(values: readonly number[], percent: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil((values.length * percent) / 100) - 1] ?? Number.NaN;
}

function measure(id: string, value: number, limit: number, unit: string, what: string): Measure {
  const detail = `${value.toFixed(0)} ${unit} ${what}; at most ${limit} ${unit}`;
  return { id, ratio: value / limit, limit: 1, ok: value <= limit, detail };
}

function requestOf(url: string, id: string): JsonObject {
  return {
    project: 'bench',
    stage: 'test',
    freight: { images: [{ repoURL: 'example/hello', tag: '1.0.0' }] },
    steps: [
      {
        uses: 'http',
        as: 'wait',
        config: {
          url: `${url}/open/${id}`,
          successExpression: 'response.body.open',
          failureExpression: 'response.status >= 400',
          pollInterval: '24h',
        },
      },
      { uses: 'http', as: 'next', config: { url: `${url}/pass/${id}` } },
    ],
  };
}
