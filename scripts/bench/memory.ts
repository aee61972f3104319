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
const count = 300;
/** Kilobytes that may be added to what the SDK holds for a cached workflow: by the language alone, and by everything. */
const limits = { language: 20, promotion: 32 };

/**
 * The heap of cached workflows that wait for an activity: one that knows nothing of Gantry, the same with the language of
 * expressions, and a promotion. They live in the bench's own heap, where it can be collected and measured.
 */
export async function measureMemory(): Promise<readonly Measure[]> {
  installRuntime(createLog({ level: 'error', format: 'text', scrub: (line) => line }));
  const server = await openServer();
  try {
    const waiting = { type: 'waiting', code: await makeBundle(pathOf('waiting-workflow.ts')), sizes: [] };
    const language = { type: 'language', code: await makeBundle(pathOf('language-workflow.ts')), sizes: [] };
    const promotion = { type: 'promotion', code: await makeBundle(), sizes: [] };
    const subjects: readonly Subject[] = [waiting, language, promotion];
    for (let round = 0; round < rounds; round++)
      for (const subject of subjects) subject.sizes.push(await measureCached(server, subject, round));
    return [compare(language, waiting, limits.language), compare(promotion, waiting, limits.promotion)];
  } finally {
    await server.close();
  }
}

interface Subject {
  readonly type: string;
  readonly code: string;
  /** Bytes for each workflow, by round. */
  readonly sizes: number[];
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

function compare(ours: Subject, theirs: Subject, allowed: number): Measure {
  const [own, other] = [median(ours.sizes) / 1024, median(theirs.sizes) / 1024];
  const limit = (other + allowed) / other;
  const ratio = own / other;
  const detail = `${own.toFixed(1)} KB, a workflow of the SDK alone ${other.toFixed(1)} KB, ${(own - other).toFixed(1)} KB added`;
  return { id: `memory/${ours.type}`, ratio, limit, ok: ratio <= limit, detail };
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
