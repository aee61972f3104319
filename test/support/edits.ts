import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StepDefinition } from '../../src/activities/define-step.ts';
import type { Json } from '../../src/core/json.ts';
import { type CaseFile, readTree, writeCaseFiles } from './step-case-files.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from './step-world.ts';
import { longestPause } from './longest-pause.ts';

export type EditUpdate = readonly [key: string, value: Json];

/** What a step that sets values makes of a file, and what it refuses. */
export interface EditTable {
  readonly writes: readonly (readonly [
    title: string,
    text: string,
    updates: readonly EditUpdate[],
    becomes: string,
  ])[];
  readonly refuses: readonly (readonly [
    title: string,
    file: CaseFile,
    updates: readonly EditUpdate[],
    message: RegExp,
  ])[];
  /** A text over a million characters, and an edit of its last line. */
  readonly large: readonly [text: string, update: EditUpdate, becomes: string];
}

/** Tests of a step `<format>-update`: a table, and what holds for each of them. */
export function describeUpdateStep(step: StepDefinition, { writes, refuses, large }: EditTable): void {
  describe(step.kind, () => {
    let rig: StepRig;
    beforeEach(() => {
      rig = createStepRig();
    });
    afterEach(() => rig.remove());

    const bytes = () => readFileSync(join(rig.root, 'f'));
    const run = async (file: CaseFile, updates: readonly EditUpdate[], options?: StepWorldOptions) => {
      writeCaseFiles(rig.root, { f: file });
      const config = { path: 'f', updates: updates.map(([key, value]) => ({ key, value })) };
      await rig.run(step, config, options);
      return bytes().toString();
    };

    for (const [title, text, updates, becomes] of writes) {
      it(`writes ${title}`, async () => assert.equal(await run(text, updates), becomes));
      it(`writes ${title}, and the same again`, async () =>
        assert.equal(await run(await run(text, updates), updates, { again: true }), becomes));
    }

    for (const [title, file, updates, message] of refuses) {
      it(`refuses ${title} and leaves the file alone`, async () => {
        writeCaseFiles(rig.root, { f: file });
        const before = bytes();
        await assert.rejects(run(file, updates), { name: 'Error', message });
        assert.deepEqual(bytes(), before);
        assert.deepEqual([...readTree(rig.root).keys()], ['f']);
      });
    }

    it('keeps the permissions of the file', async () => {
      await run({ text: large[0], mode: '0640' }, [large[1]]);
      assert.equal(readTree(rig.root).get('f')?.mode, '0640');
    });

    it('lets everything else go on while it edits a large file', async function () {
      this.timeout(60_000);
      const [text, update, becomes] = large;
      assert.ok(text.length > 1_000_000);
      const longest = await longestPause(async () => {
        assert.equal(await run(text, [update]), becomes);
      });
      assert.ok(longest < 1000, `nothing else ran for ${longest} ms`);
    });
  });
}
