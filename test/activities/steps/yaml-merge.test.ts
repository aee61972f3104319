import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { yamlMerge } from '../../../src/activities/steps/yaml-merge.ts';
import { readTree, writeCaseFiles } from '../../support/step-case-files.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('yaml-merge', () => {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(() => rig.remove());
  const run = (inFiles: readonly string[], outFile = 'out.yaml') => rig.run(yamlMerge, { inFiles, outFile });
  const text = (name = 'out.yaml') => readFileSync(join(rig.root, name), 'utf8');

  it('may write over one of its files, again and again', async () => {
    writeCaseFiles(rig.root, { a: 'x: 1\nl: [1]\n', b: 'y: 2\nl: [2]\n' });
    for (const _ of [1, 2]) {
      await run(['a', 'b'], 'a');
      assert.equal(text('a'), 'x: 1\nl: [2]\ny: 2\n');
    }
  });

  it('names every file that is missing, and keeps the old result when anything is wrong', async () => {
    writeCaseFiles(rig.root, { 'out.yaml': 'old', a: 'x: 1\n', b: 'x: [\n' });
    await assert.rejects(run(['a', 'n1', 'n2']), { message: 'inFiles: no such file: "n1", "n2"' });
    await assert.rejects(run(['a', 'b']), { message: /^b: line 2, column 1: / });
    await assert.rejects(run(['a', '']), { message: 'path "" is no file' });
    assert.deepEqual([text(), [...readTree(rig.root).keys()].sort()], ['old', ['a', 'b', 'out.yaml']]);
  });

  it('merges a large file without holding others up', async () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `key${index}: value ${index}`);
    writeCaseFiles(rig.root, { a: `${keys.join('\n')}\n`, b: 'key7: other\n' });
    await run(['a', 'b']);
    assert.equal(text(), `${keys.join('\n')}\n`.replace('key7: value 7\n', 'key7: other\n'));
  });
});
