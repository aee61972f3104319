import assert from 'node:assert/strict';
import type { StepDefinition } from '../../src/activities/define-step.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { type CaseFile, writeCaseFiles } from './step-case-files.ts';
import { createStepRig, type StepRig } from './step-world.ts';
import { longestPause } from './longest-pause.ts';

/** What a step that reads a document makes of a file, and how it refuses one. */
export interface DocumentTable {
  readonly reads: readonly (readonly [title: string, text: CaseFile, expression: string, value: Json])[];
  readonly refuses: readonly (readonly [
    title: string,
    text: CaseFile,
    message: RegExp,
    expression?: string,
  ])[];
}

/** Tests of a step `<format>-parse`: a table, and what holds for each of them. */
export function describeParseStep(
  step: StepDefinition,
  { reads, refuses }: DocumentTable,
  large: string,
): void {
  describe(step.kind, () => {
    let rig: StepRig;
    beforeEach(() => {
      rig = createStepRig();
    });
    afterEach(() => rig.remove());

    const run = async (file: CaseFile, expression: string, signal?: AbortSignal): Promise<JsonObject> => {
      writeCaseFiles(rig.root, { f: file });
      const config = { path: 'f', outputs: [{ name: 'out', fromExpression: expression }] };
      return (await rig.run(step, config, signal && { signal })).output ?? {};
    };

    for (const [title, text, expression, value] of reads) {
      it(`reads ${title}`, async () => assert.deepEqual(await run(text, expression), { out: value }));
    }
    for (const [title, text, message, expression = '$env'] of refuses) {
      it(`refuses ${title}`, () => assert.rejects(run(text, expression), { name: 'Error', message }));
    }

    it('names every expression without a value', async () => {
      writeCaseFiles(rig.root, { f: reads[0]![1] });
      const outputs = ['a.b.c', 'a.', '1'].map((fromExpression) => ({
        name: fromExpression,
        fromExpression,
      }));
      await assert.rejects(rig.run(step, { path: 'f', outputs }), {
        message: /outputs\[0\]\.fromExpression: .*; outputs\[1\]\.fromExpression: /,
      });
    });

    it('refuses bytes that are no UTF-8', () =>
      assert.rejects(run({ base64: 'YTog/w==' }, '1'), { message: 'path "f" is no UTF-8 text' }));

    it('refuses a file of 100 MB at once', () =>
      assert.rejects(run({ repeat: ' '.repeat(1000), count: 100_000 }, '1'), {
        message: /^path "f" has 100000000 bytes: at most 16777216/,
      }));

    it('lets everything else go on while it reads a large file', async function () {
      this.timeout(60_000);
      const longest = await longestPause(async () => {
        assert.deepEqual(await run(large, 'len($env)'), { out: 20_000 });
      });
      assert.ok(longest < 1000, `nothing else ran for ${longest} ms`);
    });

    it('stops when it is told to', async function () {
      this.timeout(60_000);
      const reason = new Error('stop');
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 50);
      await assert.rejects(run(large, 'len($env)', controller.signal), reason);
    });
  });
}
