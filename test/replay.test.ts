import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker';
import { bundleWorkflows } from '../src/worker/bundle-workflows.ts';
import { bundleNextVersion } from './support/next-version.ts';
import { payloadConverterPath } from './support/promotion-rig.ts';
import { quietTemporal } from './support/quiet-temporal.ts';
import { nextShapes, shapes } from './histories/shapes.ts';

const folder = new URL('histories/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

describe('replay of recorded promotions', function () {
  before(quietTemporal);
  this.timeout(60_000);

  it('has a history of every shape', () => {
    assert.deepEqual(files.map((file) => file.replace('.json', '')).sort(), Object.keys(shapes).sort());
  });

  for (const file of files.filter((name) => !isNext(name))) {
    it(`${file} runs as it did`, async () => {
      await Worker.runReplayHistory(await options(), historyIn(file), 'replayed');
    });
  }

  for (const file of files) {
    it(`${file} runs as it did beside a later interpreter`, async () => {
      const changed = { ...(await options()), workflowBundle: await bundleNextVersion() };
      await Worker.runReplayHistory(changed, historyIn(file), 'replayed');
    });
  }

  it('has no way back: what began with a later interpreter needs it', async () => {
    for (const file of files.filter(isNext)) {
      const replay = Worker.runReplayHistory(await options(), historyIn(file), 'replayed');
      await assert.rejects(replay, DeterminismViolationError);
    }
  });

  it('notices an interpreter that schedules something else', async () => {
    const { workflowBundle, ...rest } = await options();
    assert.ok(workflowBundle && 'code' in workflowBundle);
    // Asks for a folder before the condition is even known: one activity more, or one earlier.
    const code = workflowBundle.code.replace(
      /record\.startedAt\s*\?\?=\s*effects\.now\(\)/,
      '$&;await effects.releaseWorkspace("x",false)',
    );
    assert.ok(code !== workflowBundle.code, 'the interpreter has no such line any more');
    const changed = { ...rest, workflowBundle: { code } };
    await assert.rejects(
      Worker.runReplayHistory(changed, historyIn('success.json'), 'replayed'),
      DeterminismViolationError,
    );
  });
});

function isNext(file: string): boolean {
  return nextShapes.has(file.replace('.json', ''));
}

async function options(): Promise<ReplayWorkerOptions> {
  const workflowBundle = await bundleWorkflows();
  return { workflowBundle, dataConverter: { payloadConverterPath }, replayName: 'gantry' };
}

function historyIn(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
}
