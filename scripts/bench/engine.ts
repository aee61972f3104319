import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { JsonObject } from '../../src/core/json.ts';
import { openInstallation, type Installation } from './installation.ts';
import { interleave, median, ratioOf, type Measure, type Times } from './measure.ts';

const count = 100;
/** What expressions, validation, outputs, status and journal may cost, as a share of the bare activities. */
const stepLimit = 1.25;
const many = 200;
/** The bar is four fifths of the steps a second that a bare workflow makes. */
const manyLimit = 1 / 0.8;
/** Milliseconds that evaluating vars and configs may add to each step. */
const evaluationLimit = 5;

/**
 * Promotions of steps that do nothing against workflows of as many activities that do nothing: one after the other, many
 * at once, and with expressions against without. `wanted` are beginnings of their ids; none = all.
 */
export async function measureEngine(wanted: readonly string[]): Promise<readonly Measure[]> {
  const chosen = Object.entries(parts).filter(
    ([id]) => wanted.length === 0 || wanted.some((beginning) => id.startsWith(beginning)),
  );
  if (chosen.length === 0) throw new Error(`no measure begins with ${wanted.join(' or ')}`);
  const installation = await openInstallation({ allowInlineSteps: true });
  try {
    const bare = await openBareWorker(installation);
    try {
      const measures: Measure[] = [];
      for (const [, part] of chosen) measures.push(await part(installation, bare));
      return measures;
    } finally {
      await bare.close();
    }
  } finally {
    await installation.close();
  }
}

const parts: Readonly<Record<string, (ours: Installation, bare: BareWorker) => Promise<Measure>>> = {
  'engine/step': measureSteps,
  'engine/many': measureMany,
  'engine/evaluation': measureEvaluation,
};

async function measureSteps(ours: Installation, bare: BareWorker): Promise<Measure> {
  const times = await interleave(
    9,
    () => ours.promote(plain(count)),
    () => bare.run(count),
  );
  const { mine, other, ratio } = summarize(times);
  const detail = `promotion ${mine.toFixed(0)} ms, bare ${other.toFixed(0)} ms, ${((mine - other) / count).toFixed(2)} ms per step added`;
  return { id: 'engine/step', ratio, limit: stepLimit, ok: ratio <= stepLimit, detail };
}

async function measureMany(ours: Installation, bare: BareWorker): Promise<Measure> {
  const times = await interleave(
    2,
    () => atOnce(() => ours.promote(plain(10))),
    () => atOnce(() => bare.run(10)),
  );
  const { mine, other, ratio } = summarize(times);
  const perSecond = (ms: number) => Math.round((many * 10 * 1000) / ms);
  const detail = `${many} promotions of 10 steps at once: ${perSecond(mine)} steps/s, bare ${perSecond(other)}`;
  return { id: 'engine/many', ratio, limit: manyLimit, ok: ratio <= manyLimit, detail };
}

async function measureEvaluation(ours: Installation): Promise<Measure> {
  const times = await interleave(
    5,
    () => ours.promote(evaluated(count)),
    () => ours.promote(plain(count)),
  );
  const { mine, other, ratio } = summarize(times);
  const limit = (other + count * evaluationLimit) / other;
  const detail = `with 10 vars ${mine.toFixed(0)} ms, without ${other.toFixed(0)} ms, ${((mine - other) / count).toFixed(2)} ms per step added`;
  return { id: 'engine/evaluation', ratio, limit, ok: ratio <= limit, detail };
}

interface BareWorker {
  run(activities: number): Promise<void>;
  close(): Promise<void>;
}

/** A worker of the same process and server, with the SDK's own defaults. */
async function openBareWorker({ address, client }: Installation): Promise<BareWorker> {
  const taskQueue = 'bare';
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace: client.options.namespace,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('bare-workflow.ts', import.meta.url)),
    activities: { nothing: (input: object) => Promise.resolve(input) },
  });
  const ended = worker.run();
  let runs = 0;
  return {
    run: (activities) =>
      client.workflow.execute('bare', { taskQueue, workflowId: `bare-${(runs += 1)}`, args: [activities] }),
    async close() {
      worker.shutdown();
      await ended;
      await connection.close();
    },
  };
}

async function atOnce(work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: many }, work));
}

function summarize(times: Times) {
  return { mine: median(times.ours), other: median(times.theirs), ratio: ratioOf(times) };
}

function plain(steps: number): JsonObject {
  return requestOf(steps, (index) => ({ index }));
}

/** Every step reads vars, the step before it and the Freight; the vars read each other. */
function evaluated(steps: number): JsonObject {
  const vars = Array.from({ length: 10 }, (_, index) => ({
    name: `v${index}`,
    value: index === 0 ? 'example/hello' : `\${{ vars.v${index - 1} }}-${index}`,
  }));
  const config = (index: number) => ({
    tag: '${{ imageFrom("example/hello").Tag }}',
    text: 'release-${{ vars.v9 }}-${{ ctx.stage }}',
    ...(index > 0 && { before: `\${{ outputs['out-${index}'].tag }}` }),
  });
  return { ...requestOf(steps, config), vars };
}

function requestOf(steps: number, config: (index: number) => JsonObject): JsonObject {
  return {
    project: 'bench',
    stage: 'test',
    freight: { images: [{ repoURL: 'example/hello', tag: '1.0.0' }] },
    steps: Array.from({ length: steps }, (_, index) => ({
      uses: 'compose-output',
      as: `out-${index + 1}`,
      config: config(index),
    })),
  };
}
