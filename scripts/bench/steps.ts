import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { JsonObject } from '../../src/core/json.ts';
import { openInstallation, type Installation } from './installation.ts';
import { interleave, median, ratioOf, type Measure, type Times } from './measure.ts';

const rounds = 15;
const count = 100;
/** What expressions, validation, outputs, status and journal may cost, as a share of the bare activities. */
const limit = 1.4;

/** A promotion of many steps that do nothing against a workflow of as many activities that do nothing. */
export async function measureSteps(): Promise<readonly Measure[]> {
  const installation = await openInstallation({ allowInlineSteps: true });
  try {
    const bare = await openBareWorker(installation);
    try {
      return [
        compare(
          await interleave(
            rounds,
            () => installation.promote(request),
            () => bare.run(),
          ),
        ),
      ];
    } finally {
      await bare.close();
    }
  } finally {
    await installation.close();
  }
}

interface BareWorker {
  run(): Promise<void>;
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
    run: () =>
      client.workflow.execute('bare', { taskQueue, workflowId: `bare-${(runs += 1)}`, args: [count] }),
    async close() {
      worker.shutdown();
      await ended;
      await connection.close();
    },
  };
}

function compare(times: Times): Measure {
  const [promotion, bare] = [median(times.ours), median(times.theirs)];
  const ratio = ratioOf(times);
  const perStep = ((promotion - bare) / count).toFixed(2);
  const detail = `promotion ${promotion.toFixed(0)} ms, bare ${bare.toFixed(0)} ms, ${perStep} ms per step added`;
  return { id: 'steps/no-op', ratio, limit, ok: ratio <= limit, detail };
}

const request: JsonObject = {
  project: 'bench',
  stage: 'test',
  freight: { images: [{ repoURL: 'example/hello', tag: '1.0.0' }] },
  steps: Array.from({ length: count }, (_, index) => ({
    uses: 'compose-output',
    as: `out-${index + 1}`,
    config: { index },
  })),
};
