import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { yamlUpdate } from '../../../src/activities/steps/yaml-update.ts';
import type { Json } from '../../../src/core/json.ts';
import { readTree, writeCaseFiles } from '../../support/step-case-files.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';
import { longestPause } from '../../support/longest-pause.ts';

describe('yaml-update', () => {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(() => rig.remove());

  type Update = readonly [key: string, value: Json];

  async function run(text: string, updates: readonly Update[], options?: StepWorldOptions) {
    writeFileSync(join(rig.root, 'v.yaml'), text);
    const config = { path: 'v.yaml', updates: updates.map(([key, value]) => ({ key, value })) };
    const { output } = await rig.run(yamlUpdate, config, options);
    return { text: readFileSync(join(rig.root, 'v.yaml'), 'utf8'), message: output?.['commitMessage'] };
  }

  const cases: readonly (readonly [
    title: string,
    text: string,
    updates: readonly Update[],
    becomes: string,
  ])[] = [
    ['a number where quotes stood stays text', 'a: "2" # c\n', [['a', 3]], 'a: "3" # c\n'],
    ['a boolean where quotes stood stays text', "a: 'x'\n", [['a', true]], "a: 'true'\n"],
    ['a number under !!str stays text', 'a: !!str 12\n', [['a', 13]], 'a: !!str "13"\n'],
    ['a number where a word stood is a number', 'a: x\n', [['a', 3]], 'a: 3\n'],
    ['text like a number keeps being text', 'a: 1\n', [['a', '1.20']], 'a: "1.20"\n'],
    ['an anchor stays, so its aliases follow', 'a: &x v1\nb: *x\n', [['a', 'v2']], 'a: &x v2\nb: *x\n'],
    ['a merged map follows', 'a: &x {t: 1}\nb:\n  <<: *x\n', [['a.t', 2]], 'a: &x {t: 2}\nb:\n  <<: *x\n'],
    [
      'the last update of a place wins',
      'a: 1\n',
      [
        ['a', 2],
        ['a', 3],
      ],
      'a: 3\n',
    ],
    [
      'many on one line',
      'a: {b: 1, c: [x, y]} # d\n',
      [
        ['a.c.1', 'z'],
        ['a.b', 2],
      ],
      'a: {b: 2, c: [x, z]} # d\n',
    ],
    ['a plain colon in a key', 'm:\n  a:b: 1\n', [['m.a:b', 2]], 'm:\n  a:b: 2\n'],
    [
      'an item added to a list',
      'l:\n  - a # 1\n# 2\nm: 1\n',
      [['l.-1', 'b']],
      'l:\n  - a # 1\n  - b\n# 2\nm: 1\n',
    ],
    ['an item added behind a map', 'l:\n- a: 1\n  b: 2\n', [['l.-1', 'c']], 'l:\n- a: 1\n  b: 2\n- c\n'],
    [
      'items added in flow',
      'l: [ a ]\nm: []\n',
      [
        ['l.-1', 'b'],
        ['m.-1', 1],
        ['m.-1', 2],
      ],
      'l: [ a, b ]\nm: [1, 2]\n',
    ],
    ['an item that is the last already', 'l: [a, b]\n', [['l.-1', 'b']], 'l: [a, b]\n'],
    ['CRLF when an item is added', 'l:\r\n- a\r\nm: 1\r\n', [['l.-1', 'b']], 'l:\r\n- a\r\n- b\r\nm: 1\r\n'],
    ['a file without a line break at its end', 'l:\n- a', [['l.-1', 'b']], 'l:\n- a\n- b'],
    [
      'the same value in another spelling',
      'a: "x\\u0041"\nb: |\n  y\n',
      [
        ['a', 'xA'],
        ['b', 'y\n'],
      ],
      'a: "x\\u0041"\nb: |\n  y\n',
    ],
  ];
  for (const [title, text, updates, becomes] of cases) {
    it(`writes ${title}`, async () => assert.equal((await run(text, updates)).text, becomes));
  }

  it('tells what it set, quotes only where they tell something', async () => {
    const updates: Update[] = [
      ['a', 'v2'],
      ['b', '1.20'],
      ['c', 3],
      ['d', null],
      ['e\\.f', 'x\ny'],
    ];
    const { message } = await run('a: "v1"\nb: 1\nc: 1\nd: 1\ne.f: 1\n', updates);
    assert.equal(message, 'Updated v.yaml\n\n- a: v2\n- b: "1.20"\n- c: 3\n- d: null\n- e\\.f: "x\\ny"');
  });

  it('keeps the permissions of the file', async () => {
    writeCaseFiles(rig.root, { 'v.yaml': { text: '', mode: '0640' } });
    await run('a: 1\n', [['a', 2]]);
    assert.equal(readTree(rig.root).get('v.yaml')?.mode, '0640');
  });

  const refused: readonly (readonly [
    title: string,
    text: string,
    updates: readonly Update[],
    message: RegExp,
  ])[] = [
    [
      'all that stands in the way, and writes nothing',
      'a: 1\nl: [x]\n',
      [
        ['a', 2],
        ['b', 1],
        ['l.5', 1],
        ['a.c', 1],
      ],
      /^v\.yaml: line 1, column 1: b does not exist; line 2, column 4: l\[5\] does not exist; .*a\.c does not exist/,
    ],
    [
      'keys that cannot be meant',
      'a: 1\n',
      [
        ['a..b', 1],
        ['\\x', 2],
      ],
      /^updates\[0\]\.key: .*; updates\[1\]\.key: /,
    ],
    ['-1 where there is no list', 'a: {b: 1}\n', [['a.-1', 1]], /does not exist$/],
    ['text that is no YAML', 'a: 1\n\tb: 2\n', [['a', 1]], /^v\.yaml: line 2, column \d+: /],
    [
      'a list as value',
      'a: 1\n',
      [['a', [1]]],
      /value: must be one value: text, a number, true, false or null, not a list/,
    ],
    ['endless nesting', '['.repeat(100_000), [['a', 1]], /^v\.yaml: /],
  ];
  for (const [title, text, updates, message] of refused) {
    it(`refuses ${title}`, async () => {
      await assert.rejects(run(text, updates), { message });
      assert.equal(readFileSync(join(rig.root, 'v.yaml'), 'utf8'), text);
    });
  }

  it('refuses bytes that are no UTF-8', async () => {
    writeCaseFiles(rig.root, { 'v.yaml': { base64: 'YTog/w==' } });
    const config = { path: 'v.yaml', updates: [{ key: 'a', value: 1 }] };
    await assert.rejects(rig.run(yamlUpdate, config), { message: 'path "v.yaml" is no UTF-8 text' });
  });

  describe('with a large file', function () {
    this.timeout(60_000);
    const item = (n: number) => `item${n}:\n  name: thing-${n} # ${'comment '.repeat(10)}\n`;
    const large = Array.from({ length: 10_000 }, (_, n) => item(n)).join('');

    it('lets everything else go on', async () => {
      const longest = await longestPause(async () => {
        const { text } = await run(large, [['item9999.name', 'new']]);
        assert.equal(text, large.replace('name: thing-9999 #', 'name: new #'));
      });
      assert.ok(large.length > 1_000_000);
      assert.ok(longest < 1000, `nothing else ran for ${longest} ms`);
    });

    it('explains what is wrong as with a small one', () =>
      assert.rejects(run(large, [['nope', 1]]), {
        message: /^v\.yaml: line 1, column 1: nope does not exist$/,
      }));

    it('stops when it is told to', async () => {
      const reason = new Error('stop');
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 100);
      await assert.rejects(run(large, [['item1.name', 'x']], { signal: controller.signal }), reason);
    });
  });
});
