import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StepDefinition } from '../../src/activities/define-step.ts';
import { helmUpdateChart } from '../../src/activities/steps/helm-update-chart.ts';
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
import { readTree, writeCaseFiles } from '../support/step-case-files.ts';
import { createStepRig, type StepRig } from '../support/step-world.ts';

/** A step that reads a text, the file it reads, and its config. */
type Reader = readonly [step: StepDefinition, file: string, config: JsonObject];

const outputs = [{ name: 'a', fromExpression: 'a' }];
const updates = [{ key: 'a', value: 'x' }];
const image = { repoURL: 'my/image', tag: '1', origin: { kind: 'Warehouse', name: 'w' } };
const dependency = { repository: 'file://../lib', name: 'lib', version: '1.0.0' };
const readers: readonly Reader[] = [
  [yamlUpdate, 'f', { path: 'f', updates }],
  [jsonUpdate, 'f', { path: 'f', updates }],
  [tomlUpdate, 'f', { path: 'f', updates }],
  [yamlMerge, 'f', { inFiles: ['f'], outFile: 'out' }],
  [helmUpdateImage, 'f', { path: 'f', images: [{ image: 'my/image', key: 'a', value: 'Tag' }] }],
  [kustomizeSetImage, 'kustomization.yaml', { path: '.', images: [{ image: 'my/image', tag: '1' }] }],
  [helmUpdateChart, 'chart/Chart.yaml', { path: 'chart', charts: [dependency] }],
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
    ['in UTF-16', (file) => writeFileSync(file, '\uFEFFa: 1\n', 'utf16le'), /is no UTF-8 text/],
    ['in Latin-1', (file) => writeFileSync(file, 'a: größe\n', 'latin1'), /is no UTF-8 text/],
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
        mkdirSync(dirname(file), { recursive: true });
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
    for (const reader of readers) await assert.rejects(run(reader), { message: /\bf\b|kustomization|chart/ });
  });
});

/** A step, a file, its text with the line that changes in it, what that line becomes, and the config. */
type Edit = readonly [
  step: StepDefinition,
  file: string,
  text: string,
  from: string,
  to: string,
  config: JsonObject,
];

const edits: readonly Edit[] = [
  [yamlUpdate, 'f', '# head\na: 1 # one\nb: |\n  x\n  y\n', 'a: 1', 'a: x', { path: 'f', updates }],
  [yamlUpdate, 'f', '# head\na: 1\n---\na: 2\n', 'a: 1', 'a: x', { path: 'f', updates }],
  [jsonUpdate, 'f', '{\n\t"a": 1,\n\t"b": [\n\t\t2 ]\n}\n', '"a": 1', '"a": "x"', { path: 'f', updates }],
  [
    tomlUpdate,
    'f',
    '# head\na = 1 # one\n\n[t]\nb = """\nx"""\n',
    'a = 1',
    "a = 'x'",
    { path: 'f', updates },
  ],
  [
    helmUpdateImage,
    'f',
    '# head\na: "0" # old\nb: 1\n',
    'a: "0"',
    'a: "1"',
    { path: 'f', images: [{ image: 'my/image', key: 'a', value: 'Tag' }] },
  ],
  [
    kustomizeSetImage,
    'kustomization.yaml',
    '# head\nresources: [a.yaml] # one\nimages:\n- name: my/image # two\n  newTag: "0"\n',
    'newTag: "0"',
    'newTag: "1"',
    { path: '.', images: [{ image: 'my/image', tag: '1' }] },
  ],
  [
    yamlMerge,
    'f',
    '# head\na: 1 # one\nb:\n- x\n',
    'a: 1',
    'a: 2',
    { inFiles: ['f', 'over.yaml'], outFile: 'f' },
  ],
  [
    helmUpdateChart,
    'chart/Chart.yaml',
    'apiVersion: v2\n# head\nname: app\nversion: 0.1.0\ndependencies:\n- name: lib # ours\n  version: "0.9.0"\n  repository: file://../lib\n',
    'version: "0.9.0"',
    'version: "1.0.0"',
    { path: 'chart', charts: [dependency] },
  ],
];

const layouts: readonly (readonly [what: string, of: (text: string) => string])[] = [
  ['line ends of Windows', (text) => text.replaceAll('\n', '\r\n')],
  ['a byte order mark', (text) => `\uFEFF${text}`],
  ['a byte order mark and line ends of Windows', (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`],
  ['no line end at its end', (text) => text.replace(/\n$/, '')],
];

describe('a file with', () => {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
    writeCaseFiles(rig.root, {
      'over.yaml': 'a: 2\n',
      'lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\n',
    });
  });
  afterEach(() => rig.remove());
  const run = (step: StepDefinition, config: JsonObject) => {
    const target = { name: 'f', alias: 'f', commits: [], images: [image], charts: [], artifacts: [] };
    const freight = { target, collection: [target], origins: [], warehouses: [] };
    return rig.run(step, config, { freight });
  };

  for (const [what, of] of layouts) {
    for (const [step, file, text, from, to, config] of edits) {
      it(`${what} keeps every other byte under ${step.kind}: ${JSON.stringify(text)}`, async () => {
        writeCaseFiles(rig.root, { [file]: of(text) });
        for (const _ of [1, 2]) {
          await run(step, config);
          const kept = readFileSync(join(rig.root, file), 'utf8');
          // A file that is written anew ends as files do.
          const expected = step === yamlMerge ? of(text).replace(/[^\n]$/, '$&\n') : of(text);
          assert.equal(kept, expected.replace(from, to));
        }
      });
    }

    const documents: readonly (readonly [StepDefinition, string])[] = [
      [yamlParse, 'a: |\n  x\n  y\n'],
      [tomlParse, 'a = """\nx\ny\n"""\n'],
      [jsonParse, '{\n"a":\n"x\\ny\\n"}\n'],
    ];
    for (const [step, text] of documents) {
      const isRefused = step === jsonParse && of(text).startsWith('\uFEFF');
      it(`${what} ${isRefused ? 'is refused' : 'means the same'} to ${step.kind}`, async () => {
        writeCaseFiles(rig.root, { f: of(text) });
        const outcome = run(step, { path: 'f', outputs });
        if (isRefused) await assert.rejects(outcome, { message: /^f: line 1, column 1: .*byte order mark/ });
        else assert.deepEqual((await outcome).output, { a: 'x\ny\n' });
      });
    }
  }

  it('a broken lock or requirements file leaves chart and lock as they were', async () => {
    const [, , text] = edits.at(-1)!;
    for (const file of ['Chart.lock', 'requirements.yaml', 'requirements.lock']) {
      for (const [bad, message] of [
        ['dependencies: [\n', /line 2, column 1/],
        [Buffer.from([0x61, 0xff]).toString('latin1'), /is no UTF-8 text/],
      ] as const) {
        writeCaseFiles(rig.root, { 'chart/Chart.yaml': text });
        writeFileSync(join(rig.root, 'chart', file), bad, 'latin1');
        const before = readTree(rig.root);
        await assert.rejects(
          run(helmUpdateChart, { path: 'chart', charts: [dependency] }),
          (error: Error) => {
            assert.match(error.message, message);
            assert.ok(error.message.includes(file), error.message);
            return true;
          },
        );
        assert.deepEqual(readTree(rig.root), before);
        writeCaseFiles(rig.root, { [`chart/${file}`]: null });
      }
    }
  });
});
