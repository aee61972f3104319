import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPlanActivity } from '../../src/activities/plan.ts';
import { messageOf } from '../../src/core/errors.ts';
import { parseRequest } from '../../src/core/promotion/parse-request.ts';
import { openFolder } from '../../src/providers/definitions/folder.ts';
import { stepCatalogue } from '../../src/step-catalogue.ts';
import { runGantry } from '../support/cli.ts';

const head =
  'apiVersion: kargo.akuity.io/v1alpha1\nkind: Stage\nmetadata:\n  name: test\n  namespace: demo\n';
const stage = (steps: string): string =>
  `${head}spec:\n  promotionTemplate:\n    spec:\n      steps:\n${steps}`;
const clone = (config: string, rest = ''): string =>
  stage(`      - uses: git-clone\n${rest}        config: ${config}\n`);

interface Case {
  readonly title: string;
  readonly yaml: string;
  /** The whole first line; `^` marks what is at fault in the line below. */
  readonly line: string;
  /** What the frame underlines. */
  readonly marked?: string;
}

const definitions: readonly Case[] = [
  {
    title: 'an unknown step',
    yaml: stage('      - uses: git-clon\n'),
    line: '10:15: step "step-1": there is no kind of step "git-clon", did you mean "git-clone"?',
    marked: 'git-clon',
  },
  {
    title: 'an unknown field of a step',
    yaml: stage('      - uses: fail\n        cofnig: {}\n'),
    line: '11:9: unknown field "cofnig", did you mean "config"?',
    marked: 'cofnig',
  },
  {
    title: 'an unknown field of a config',
    yaml: clone('{repoUrl: x, repoURL: x, checkout: [{path: a}]}'),
    line: '11:18: step "step-1" (git-clone): config.repoUrl: unknown field; did you mean repoURL?',
    marked: 'repoUrl',
  },
  {
    title: 'a wrong type',
    yaml: clone('{repoURL: x, checkout: a}'),
    line: '11:30: step "step-1" (git-clone): config.checkout: must be a list, not "a"',
    marked: 'checkout',
  },
  {
    title: 'a missing field',
    yaml: clone('{repoURL: x}'),
    line: '11:9: step "step-1" (git-clone): config.checkout: is required (',
    marked: 'config',
  },
  {
    title: 'a missing path that a later step shows',
    yaml: stage(
      '      - uses: kustomize-set-image\n        config: {images: [{image: a}]}\n      - uses: kustomize-build\n        config: {path: ./src/a, outPath: b}\n',
    ),
    line: '11:9: step "step-1" (kustomize-set-image): config.path: is required (Folder of the kustomization file: usually the `path` of the kustomize-build step that follows.); the next kustomize-build has path: ./src/a',
  },
  {
    title: 'a bad expression',
    yaml: stage('      - uses: compose-output\n        config:\n          a: v${{ ctx.stage + }}\n'),
    line: '12:31: step "step-1" (compose-output): ',
  },
  {
    title: 'an unknown function',
    yaml: stage('      - uses: compose-output\n        config:\n          a: v${{ imgeFrom("x").Tag }}\n'),
    line: '12:19: step "step-1" (compose-output): there is no function imgeFrom, did you mean "imageFrom"?',
    marked: 'imgeFrom',
  },
  {
    title: 'a bad duration',
    yaml: stage('      - uses: fail\n        retry: {timeout: soon}\n'),
    line: '11:26: "timeout" must be a duration such as "90s", "5m" or "1h30m", not "soon"',
    marked: 'soon',
  },
  {
    title: 'a negative retry',
    yaml: stage('      - uses: fail\n        retry: {errorThreshold: -1}\n'),
    line: '11:33: "errorThreshold" must be a whole number from 0 on, not "-1"',
    marked: '-1',
  },
  {
    title: 'an alias twice',
    yaml: stage('      - {uses: fail, as: a}\n      - {uses: fail, as: a}\n'),
    line: '11:26: alias "a" is already that of step 1',
    marked: 'a',
  },
  {
    title: 'two Stages of one name',
    yaml: `${stage('      - uses: fail\n')}---\n${stage('      - uses: fail\n')}`,
    line: '15:9: Stage "test" is already defined at d/a.yaml:4:9: remove one',
    marked: 'test',
  },
  { title: 'broken YAML', yaml: `${head}spec: {\n`, line: '7:1: ' },
  {
    title: 'a tab',
    yaml: `${head}spec:\n\tx: 1\n`,
    line: '7:1: a tab is not allowed as indentation: use blanks',
  },
  {
    title: 'the same key twice',
    yaml: `${head}kind: Stage\nspec: {}\n`,
    line: '6:1: the same key twice in one map: remove one',
  },
  {
    title: 'a manifest of 5 MB',
    yaml: `${head}spec: {x: ${'y'.repeat(5_000_000)}}\n`,
    line: ' larger than 1 MiB: split it into several files',
  },
  {
    title: 'a manifest that is JSON, and breaks off',
    yaml: '{"apiVersion": "kargo.akuity.io/v1alpha1", "kind": "Stage", "metadata": {"name": "a"',
    line: '1:85: ',
  },
];

describe('bad input', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'gantry-bad-input-'));
  before(() => {
    for (const folder of ['d', 'good', 'empty']) mkdirSync(join(cwd, folder));
    writeFileSync(join(cwd, 'good/stage.yaml'), stage('      - uses: fail\n'));
    writeFileSync(join(cwd, 'good/freight.json'), '{"images": [{"repoURL": "a/b", "tag": "1"}]}');
  });
  after(() => rmSync(cwd, { recursive: true }));

  const gantry = (...argv: readonly string[]) => runGantry(argv, { cwd });
  const promote = (...argv: readonly string[]) =>
    gantry('promote', '--project', 'demo', '--stage', 'test', ...argv);

  for (const { title, yaml, line, marked } of definitions) {
    it(`${title}: the same words from validate, promote and a worker, exit code 2`, async () => {
      writeFileSync(join(cwd, 'd/a.yaml'), yaml);
      const validated = await gantry('validate', 'd');
      const promoted = await promote('--freight', 'good/freight.json', '--definitions', 'd');
      assert.deepEqual([validated.code, promoted.code], [2, 2]);
      for (const text of [validated.stdout, promoted.stderr]) {
        const at = text.indexOf(`d/a.yaml:${line}`);
        assert.ok(at >= 0, text);
        const frame = text.slice(at).split('\n\n')[0]!.split('\n');
        if (marked !== undefined) assert.equal(markedIn(frame), marked, text);
      }
      assert.ok((await workerMessage(cwd)).includes(`\n  - d/a.yaml:${line}`));
      assert.match(promoted.stderr, /\n\n\d+ problems?: nothing was started\n$/);
      assert.equal(promoted.stdout, '');
    });
  }

  const commands: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no input', [], /--project, --stage, --freight are missing/],
    [
      'an unknown Stage',
      '--project demo --stage tets --freight good/freight.json --definitions good/stage.yaml'.split(' '),
      /no Stage "tets" in project "demo", did you mean "test"\?/,
    ],
    [
      'unknown Freight',
      '--project demo --stage test --freight f1 --definitions good/stage.yaml'.split(' '),
      /Freight "f1" is not among the definitions/,
    ],
    [
      'a Freight file that is not there',
      '--project demo --stage test --freight ./f.yaml --definitions good/stage.yaml'.split(' '),
      /^--freight \.\/f\.yaml: there is no such file/,
    ],
    [
      'an empty folder of definitions',
      '--project demo --stage test --freight good/freight.json --definitions empty'.split(' '),
      /^empty: there is no YAML or JSON file in it\n$/,
    ],
    [
      'a variable without a value',
      '--project demo --stage test --freight good/freight.json --var x'.split(' '),
      /--var x: write a variable as name=value/,
    ],
    ['a bad duration', '--project d --stage s --freight f --timeout soon'.split(' '), /--timeout.*soon/],
    ['an unknown option', ['--frieght', 'f'], /unknown option '--frieght'\n\(Did you mean --freight\?\)/],
  ];
  for (const [title, argv, message] of commands) {
    it(`${title}: exit code 2`, async () => {
      const { code, stdout, stderr } = await gantry('promote', ...argv);
      assert.match(stderr, message);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    });
  }

  it('no Temporal server: exit code 4, with what to do', async () => {
    const argv = '--project demo --stage test --freight good/freight.json --definitions good/stage.yaml';
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const { code, stderr } = await runGantry(['promote', ...argv.split(' ')], { cwd, env });
    assert.match(stderr, /^No Temporal server answers at 127\.0\.0\.1:1 .*TEMPORAL_ADDRESS[^]*gantry dev/);
    assert.equal(code, 4);
  }).timeout(30_000);

  it('an unknown choice of a setting: exit code 2', async () => {
    const { code, stderr } = await runGantry(['validate', 'good'], {
      cwd,
      env: { GANTRY_LOG_LEVEL: 'loud' },
    });
    assert.match(stderr, /GANTRY_LOG_LEVEL.*"loud".*debug, info, warn, error/);
    assert.equal(code, 2);
  });
});

/** The message of the workflow when a worker reads these definitions itself. */
async function workerMessage(cwd: string): Promise<string> {
  const signal = new AbortController().signal;
  const attempt = { id: 'x', number: 1, details: undefined, signal, heartbeat: () => undefined };
  const world = {
    source: openFolder('d', cwd),
    catalogue: stepCatalogue,
    searchAttributes: [],
    tools: { git: '2.39.5', kustomize: '5.8.2' },
    allowInlineSteps: false,
  };
  const freight = { images: [{ repoURL: 'a/b', tag: '1' }] };
  const { request } = parseRequest([{ project: 'demo', stage: 'test', freight }]);
  const startedAt = '2026-11-21T10:00:00Z';
  const id = { name: 'p', project: 'demo', stage: 'test', workflowId: 'w', firstRunId: 'r', startedAt };
  const plan = createPlanActivity(world, () => attempt);
  return plan({ request: request!, identity: id }).then(() => 'nothing was wrong', messageOf);
}

/** What a code frame underlines. */
function markedIn(frame: readonly string[]): string | undefined {
  const at = frame.findIndex((line) => line.startsWith('>'));
  const marker = frame[at + 1] ?? '';
  return frame[at]?.slice(marker.indexOf('^'), marker.lastIndexOf('^') + 1);
}
