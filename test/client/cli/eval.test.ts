import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGantry } from '../../support/cli.ts';

const context = {
  ctx: { stage: 'test' },
  vars: { repo: 'my/image', zone: 'Europe/Zurich' },
  outputs: { push: { commit: 'abc' } },
  stepMetas: { push: { Status: 'Succeeded' } },
  secrets: { slack: { token: 't' } },
  configMaps: { settings: { port: 80 } },
  freight: { images: [{ repoURL: 'my/image', tag: '1.20' }] },
};

describe('gantry eval', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'gantry-eval-'));
  before(() => {
    writeFileSync(join(cwd, 'ctx.json'), JSON.stringify(context));
    writeFileSync(join(cwd, 'ctx.yaml'), 'vars:\n  n: 2\n');
    writeFileSync(join(cwd, 'bad.json'), '{');
    writeFileSync(join(cwd, 'list.json'), '[]');
    writeFileSync(join(cwd, 'freight.json'), '{"freight": {"images": [{}]}}');
  });
  after(() => rmSync(cwd, { recursive: true }));

  const results: readonly (readonly [string[], string])[] = [
    [['1 + 1'], '2\n'],
    [['"a" + "b"'], 'ab\n'],
    [['"a" + "b"', '-o', 'json'], '"ab"\n'],
    [['9007199254740993', '-o', 'json'], '9007199254740993\n'],
    [['{a: [1, 2.5, nil]}'], '{"a":[1,2.5,null]}\n'],
    [['{a: 1}', '-o', 'yaml'], 'a: 1\n'],
    [['imageFrom(vars.repo).Tag + "-" + ctx.stage', '--context', 'ctx.json'], '1.20-test\n'],
    [['--template', 'stage/${{ ctx.stage }}', '--context', 'ctx.json'], 'stage/test\n'],
    [['--template', '${{ imageFrom(repo).Tag }}', '--context', 'ctx.json', '-o', 'json'], '1.2\n'],
    [
      ['secret("slack").token + secrets.slack.token + configMap("settings").port', '--context', 'ctx.json'],
      'tt80\n',
    ],
    [['status("push") == "Succeeded" and success()', '--context', 'ctx.json'], 'true\n'],
    [
      ['date("2025-07-01 12:00:00").In(timezone(vars.zone)).String()', '--context', 'ctx.json'],
      '2025-07-01 14:00:00 +0200 CEST\n',
    ],
    [['vars.n + 1', '--context', 'ctx.yaml'], '3\n'],
    [['vars.absent == nil'], 'true\n'],
  ];
  for (const [argv, expected] of results) {
    it(argv.join(' '), async () => {
      assert.deepEqual(await runGantry(['eval', ...argv], { cwd }), {
        code: 0,
        stdout: expected,
        stderr: '',
      });
    });
  }

  const faults: readonly (readonly [string[], RegExp])[] = [
    [['1 +'], /^expression:1:4: unexpected the end\n> 1 \| 1 \+\n {4}\| {4}\^\n$/],
    [
      ['1 +\n  uper("a")'],
      /^expression:2:3: .*did you mean "upper"\?\n {2}1 \| 1 \+\n> 2 \| {3}uper\("a"\)\n/,
    ],
    [['--template', 'a ${{ 1 + "b" }}'], /^template:1:7: .*mismatched types/],
    [['${{ 1 }}'], /needs --template/],
    [['groupBy([1], #)'], /JSON cannot carry/],
    [['1', '--context', 'gone.json'], /^--context gone\.json: there is no such file\n$/],
    [['1', '--context', 'bad.json'], /^--context bad\.json: /],
    [['1', '--context', 'list.json'], /a map of names/],
    [['1', '--context', 'freight.json'], /^freight: images\[0\]\.repoURL/],
    [['timezone("Mars/Olympus")'], /unknown time zone/],
  ];
  for (const [argv, expected] of faults) {
    it(`refuses ${argv.join(' ')}`, async () => {
      const { code, stdout, stderr } = await runGantry(['eval', ...argv], { cwd });
      assert.match(stderr, expected);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    });
  }
});
