import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StepDefinition } from '../../src/activities/define-step.ts';
import { helmUpdateImage } from '../../src/activities/steps/helm-update-image.ts';
import { jsonParse } from '../../src/activities/steps/json-parse.ts';
import { jsonUpdate } from '../../src/activities/steps/json-update.ts';
import { kustomizeSetImage } from '../../src/activities/steps/kustomize-set-image.ts';
import { tomlParse } from '../../src/activities/steps/toml-parse.ts';
import { tomlUpdate } from '../../src/activities/steps/toml-update.ts';
import { yamlMerge } from '../../src/activities/steps/yaml-merge.ts';
import { yamlParse } from '../../src/activities/steps/yaml-parse.ts';
import { yamlUpdate } from '../../src/activities/steps/yaml-update.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { createStepRig, type StepRig } from '../support/step-world.ts';

/** A step that reads a text, the file it reads, and its config. */
type Reader = readonly [step: StepDefinition, file: string, config: JsonObject];

const outputs = [{ name: 'a', fromExpression: 'a' }];
const updates = [{ key: 'a', value: 'x' }];
const image = { repoURL: 'my/image', tag: '1', origin: { kind: 'Warehouse', name: 'w' } };
const readers: readonly Reader[] = [
  [yamlUpdate, 'f', { path: 'f', updates }],
  [jsonUpdate, 'f', { path: 'f', updates }],
  [tomlUpdate, 'f', { path: 'f', updates }],
  [yamlMerge, 'f', { inFiles: ['f'], outFile: 'out' }],
  [helmUpdateImage, 'f', { path: 'f', images: [{ image: 'my/image', key: 'a', value: 'Tag' }] }],
  [kustomizeSetImage, 'kustomization.yaml', { path: '.', images: [{ image: 'my/image', tag: '1' }] }],
  [yamlParse, 'f', { path: 'f', outputs }],
  [jsonParse, 'f', { path: 'f', outputs }],
  [tomlParse, 'f', { path: 'f', outputs }],
];

describe('a file that is not what a step expects', () => {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(() => rig.remove());

  const run = ([step, , config]: Reader) => {
    const target = { name: 'f', alias: 'f', commits: [], images: [image], charts: [], artifacts: [] };
    const freight = { target, collection: [target], origins: [], warehouses: [] };
    return rig.run(step, config, { freight });
  };

  const faults: readonly (readonly [what: string, plant: (file: string) => void, message: RegExp])[] = [
    [
      'of 100 MB',
      (file) => {
        writeFileSync(file, '');
        truncateSync(file, 100 * 1024 * 1024);
      },
      /has 104857600 bytes: at most 16777216 can be read/,
    ],
    [
      'that is no UTF-8',
      (file) => writeFileSync(file, Buffer.from([0x61, 0x3a, 0x20, 0xc3, 0x28])),
      /is no UTF-8 text/,
    ],
    [
      'that is binary',
      (file) => writeFileSync(file, Buffer.from('\x7fELF\x02\x01\x01\x00\x00\x00a: \xff\xfe', 'latin1')),
      /is no UTF-8 text/,
    ],
    [
      'that is binary, though it could be text',
      (file) => writeFileSync(file, 'a: 1\n\x00\x01\x02: [\n'),
      /line \d+, column \d+/,
    ],
    ['that is a folder', (file) => mkdirSync(file), /is no file|is a folder|holds none of|no kustomization/],
    ['that is broken', (file) => writeFileSync(file, '{"a": [1, 2}\n'), /line 1, column \d+/],
  ];
  for (const [what, plant, message] of faults) {
    for (const reader of readers) {
      it(`is refused by ${reader[0].kind}, and stays, when it is one ${what}`, async () => {
        const file = join(rig.root, reader[1]);
        plant(file);
        const before = statSync(file);
        const text = before.isFile() && before.size < 1000 ? readFileSync(file) : undefined;
        await assert.rejects(run(reader), { message });
        const after = statSync(file);
        assert.deepEqual([after.ino, after.mtimeMs, after.size], [before.ino, before.mtimeMs, before.size]);
        if (text) assert.deepEqual(readFileSync(file), text);
      });
    }
  }

  it('is named when it is missing', async () => {
    for (const reader of readers) await assert.rejects(run(reader), { message: /\bf\b|kustomization/ });
  });
});
