import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createLog } from '../../src/log.ts';
import { makeBundle } from '../../src/worker/bundle-workflows.ts';
import { installRuntime } from '../../src/worker/runtime.ts';
import { openServer, type BenchServer } from './installation.ts';
import { median, type Measure } from './measure.ts';

const rounds = 3;
const count = 400;
/** Bytes that Gantry may add to what the SDK holds for a cached workflow. */
const allowed = 20 * 1024;

/**
 * The heap of cached promotions that wait, beside that of workflows that wait for the same and know nothing of Gantry.
 * Both live in the bench's own heap, where it can be collected and measured.
 */
export async function measureMemory(): Promise<readonly Measure[]> {
  installRuntime(createLog({ level: 'error', format: 'text', scrub: (line) => line }));
  const server = await openServer();
  try {
    const ours = { type: 'promotion', code: await makeBundle() };
    const bare = { type: 'waiting', code: await makeBundle(pathOf('waiting-workflow.ts')) };
    const sizes = { ours: [] as number[], theirs: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      const mine = await measureCached(server, ours, round);
      const other = await measureCached(server, bare, round);
      sizes.ours.push(mine);
      sizes.theirs.push(other);
    }
    return [compare(median(sizes.ours), median(sizes.theirs))];
  } finally {
    await server.close();
  }
}

interface Subject {
  readonly type: string;
  readonly code: string;
}

/** Bytes of heap for each of many workflows in a worker's cache, all waiting for an activity that nobody runs. */
async function measureCached(
  { address, client }: BenchServer,
  { type, code }: Subject,
  round: number,
): Promise<number> {
  const taskQueue = `memory-${type}-${round}`;
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace: client.options.namespace,
    taskQueue,
    workflowBundle: { code },
    maxCachedWorkflows: 2 * count,
    // Runs the workflows in this thread.
    debugMode: true,
  });
  const ended = worker.run();
  const cache = async (from: number, to: number) => {
    const starts = Array.from({ length: to - from }, (_, index) => `${taskQueue}-${from + index}`);
    await Promise.all(
      starts.map((workflowId) => client.workflow.start(type, { taskQueue, workflowId, args: [request] })),
    );
    while (worker.getStatus().numCachedWorkflows < to)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  // The first ones pay for what all share.
  await cache(0, 50);
  const before = collectedHeap();
  await cache(50, 50 + count);
  const after = collectedHeap();
  worker.shutdown();
  await ended;
  await connection.close();
  return (after - before) / count;
}

function collectedHeap(): number {
  for (let time = 0; time < 4; time++) collect();
  return process.memoryUsage().heapUsed;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function compare(ours: number, theirs: number): Measure {
  const limit = (theirs + allowed) / theirs;
  const ratio = ours / theirs;
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;
  const detail = `a waiting promotion ${kilobytes(ours)}, a waiting workflow ${kilobytes(theirs)}, ${kilobytes(ours - theirs)} added`;
  return { id: 'memory/cached', ratio, limit, ok: ratio <= limit, detail };
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

const request = {
  project: 'bench',
  stage: 'test',
  freight: { images: [{ repoURL: 'example/hello', tag: '1.0.0' }] },
  steps: [{ uses: 'compose-output', as: 'out', config: { index: 1 } }],
};
