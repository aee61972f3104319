import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker';
import { bundleWorkflows } from '../src/worker/bundle-workflows.ts';
import { payloadConverterPath } from './support/promotion-rig.ts';
import { quietTemporal } from './support/quiet-temporal.ts';
import { shapes } from './histories/shapes.ts';

const folder = new URL('histories/', import.meta.url);
const files = jsonIn(folder);
/** From before a change that is behind a patch mark: nothing can record them anew. */
const older = jsonIn(new URL('before/', folder)).map((file) => `before/${file}`);

describe('replay of recorded promotions', function () {
  before(quietTemporal);
  this.timeout(60_000);

  it('has a history of every shape', () => {
    assert.deepEqual(files.map((file) => file.replace('.json', '')).sort(), Object.keys(shapes).sort());
  });

  for (const file of [...files, ...older]) {
    it(`${file} runs as it did`, async () => {
      await Worker.runReplayHistory(await options(), historyIn(file), 'replayed');
    });
  }

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

function jsonIn(where: URL): readonly string[] {
  return readdirSync(where).filter((file) => file.endsWith('.json'));
}

async function options(): Promise<ReplayWorkerOptions> {
  const workflowBundle = await bundleWorkflows();
  return { workflowBundle, dataConverter: { payloadConverterPath }, replayName: 'gantry' };
}

function historyIn(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
}
