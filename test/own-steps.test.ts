import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOwnSteps } from '../src/own-steps.ts';
import { runGantry } from './support/cli.ts';

const declare = (kind: string): string => `{
  kind: '${kind}', summary: 'Does ${kind}.', place: 'anywhere', effect: 'none', repeatable: true, examples: [],
  config: {
    type: 'object', additionalProperties: false, required: ['text'],
    properties: { text: { type: 'string', description: 'What to say.' } },
  },
  run: async ({ text }) => ({ output: { text } }),
}`;

const stage = (uses: string): string => `apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: test, namespace: demo}
spec:
  promotionTemplate:
    spec:
      steps:
        - uses: ${uses}
          config: {txt: hello}
`;

describe('modules with steps of one’s own', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'gantry-own-steps-'));
  after(() => rmSync(cwd, { recursive: true }));

  /** Modules are loaded once per path, so each has a path of its own. */
  const write = (name: string, text: string): string => {
    writeFileSync(join(cwd, name), text);
    return join(cwd, name);
  };
  const kindsOf = async (...modules: string[]) => (await loadOwnSteps(modules)).map(({ kind }) => kind);

  before(() => write('package.json', '{"type": "module"}'));

  it('export them one by one, by default, or in lists; anything else is left alone', async () => {
    const single = write(
      'single.js',
      `export const say = ${declare('say')};\nexport const other = { kind: 'x' };`,
    );
    const common = write('common.cjs', `module.exports = [${declare('shout')}, ${declare('whisper')}];`);
    const twice = write(
      'twice.js',
      `const sing = ${declare('sing')};\nexport { sing };\nexport default [sing];`,
    );
    assert.deepEqual(await kindsOf(single, common, twice, single), ['say', 'shout', 'whisper', 'sing']);
    assert.deepEqual(await kindsOf(), []);
  });

  describe('that cannot be used are told with their path and a remedy', () => {
    const cases: readonly [string, string | undefined, RegExp][] = [
      ['gone.js', undefined, /gone\.js: there is no such file$/],
      [
        'nothing.js',
        'export const answer = 42;',
        /nothing\.js: it exports no step: export const writeFile = /,
      ],
      ['broken.js', 'export const = 5;', /broken\.js: it cannot be loaded: Unexpected token '='$/],
      ['throws.js', 'throw new Error("no way");', /throws\.js: it cannot be loaded: no way$/],
      ['throws-nothing.js', 'throw undefined;', /throws-nothing\.js: it cannot be loaded: undefined$/],
      [
        'lost.js',
        'import "./lost-one.js";',
        /lost\.js: it cannot be loaded: Cannot find module .*lost-one\.js/,
      ],
      ['steps.txt', 'no module', /steps\.txt: Node \S+ runs JavaScript only: compile it, or use Node 22\.18/],
      [
        'taken.js',
        `export const one = ${declare('git-clone')};`,
        /taken\.js: "git-clone": there is one already/,
      ],
      [
        'half.js',
        'export const half = { kind: "half", run() {} };',
        /half\.js: "half": place must be "anywhere"/,
      ],
    ];
    for (const [name, text, message] of cases) {
      it(name, async () => {
        const path = text === undefined ? join(cwd, name) : write(name, text);
        await assert.rejects(loadOwnSteps([path]), { name: 'InvalidInput', message });
      });
    }

    it('all at once, folders too', async () => {
      mkdirSync(join(cwd, 'folder'));
      const [one, two] = [write('one.js', `export const a = ${declare('same')};`), join(cwd, 'folder')];
      const three = write('three.js', `export const a = ${declare('same')};`);
      await assert.rejects(loadOwnSteps([one, two, three]), {
        message: [
          'Own steps cannot be used:',
          `  ${two}: this is no file: name the module itself`,
          `  ${three}: "same": there is one already, choose another kind`,
        ].join('\n'),
      });
    });
  });

  describe('are known to', () => {
    before(() => {
      write('hum.js', `export const hum = ${declare('hum')};`);
      write('gantry.yaml', 'steps: [./hum.js]\n');
      mkdirSync(join(cwd, 'pipelines'));
      write('pipelines/stage.yaml', stage('hum'));
    });

    it('gantry steps', async () => {
      const { stdout } = await runGantry(['steps', '-o', 'json'], { cwd });
      const list = JSON.parse(stdout) as { name: string; summary: string }[];
      assert.deepEqual(
        list.find(({ name }) => name === 'hum'),
        { name: 'hum', summary: 'Does hum.' },
      );
    });

    it('gantry validate, which checks their configs', async () => {
      const { code, stdout } = await runGantry(['validate', 'pipelines'], { cwd });
      assert.equal(code, 2);
      assert.match(stdout, /stage\.yaml:9:20: .*config\.txt: unknown field; did you mean text\?/);
      assert.doesNotMatch(stdout, /no kind of step/);
    });

    it('gantry promote, before it asks for a server', async () => {
      write('freight.yaml', 'images: [{repoURL: example/hello, tag: 1.0.0}]\n');
      const argv = 'promote --project demo --stage test --freight freight.yaml --definitions pipelines';
      const { code, stderr } = await runGantry(argv.split(' '), { cwd, env: { HOME: cwd } });
      assert.equal(code, 2);
      assert.match(stderr, /config\.txt: unknown field; did you mean text\?/);
      assert.doesNotMatch(stderr, /no kind of step/);
    });

    it('nobody else: a flag wins over gantry.yaml', async () => {
      const { code, stderr } = await runGantry(['validate', 'pipelines', '--steps', 'nix.js'], { cwd });
      assert.equal(stderr, `Own steps cannot be used:\n  ${join(cwd, 'nix.js')}: there is no such file\n`);
      assert.equal(code, 2);
    });
  });
});
