import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runGantry } from '../../support/cli.ts';

const stage = `apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata:
  name: test
spec:
  requestedFreight: []
  promotionTemplate:
    spec:
      steps:
        - uses: compose-ouput
          config:
            a: b
`;

describe('gantry validate', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'gantry-validate-'));
  before(() => {
    for (const folder of ['bad', 'good', 'empty']) mkdirSync(join(cwd, folder));
    writeFileSync(join(cwd, 'bad/stage.yaml'), stage);
    writeFileSync(
      join(cwd, 'bad/tab.yaml'),
      'apiVersion: kargo.akuity.io/v1alpha1\nkind: Stage\nmetadata:\n\tname: x\n',
    );
    writeFileSync(join(cwd, 'good/stage.yaml'), stage.replace('ouput', 'output'));
  });
  after(() => rmSync(cwd, { recursive: true }));

  it('draws every problem in its place and ends with 2', async () => {
    const { code, stdout, stderr } = await runGantry(['validate', 'bad'], { cwd });
    assert.match(stdout, /^bad\/stage\.yaml:10:17: .*compose-ouput.*compose-output/);
    assert.ok(
      stdout.includes('\n> 10 |         - uses: compose-ouput\n     |                 ^^^^^^^^^^^^^\n'),
      stdout,
    );
    assert.match(stdout, /\nbad\/tab\.yaml:4:1: /);
    assert.match(stdout, /\n2 files, 2 problems\n$/);
    assert.deepEqual({ code, stderr }, { code: 2, stderr: '' });
  });

  it('tells programs the same', async () => {
    const { code, stdout } = await runGantry(['validate', 'bad/stage.yaml', '-o', 'json'], { cwd });
    const { problems, files } = JSON.parse(stdout) as { problems: Record<string, unknown>[]; files: number };
    const [{ message: _, path: __, ...place }] = problems as [Record<string, unknown>];
    assert.deepEqual(place, {
      severity: 'error',
      source: 'bad/stage.yaml',
      line: 10,
      column: 17,
      length: 13,
    });
    assert.deepEqual([code, files], [2, 1]);
  });

  it('ends with 0 when all is well', async () => {
    const { code, stdout } = await runGantry(['validate', 'good'], { cwd });
    assert.deepEqual({ code, stdout }, { code: 0, stdout: '1 file, 0 problems\n' });
  });

  it('lets warnings pass, and notes always; --strict stops at warnings only', async () => {
    const unused = stage.replace('ouput', 'output').replace('spec:', 'spec:\n  vars: [{name: x, value: z}]');
    writeFileSync(join(cwd, 'bad/unused.yaml'), unused);
    writeFileSync(join(cwd, 'good/map.yaml'), 'kind: ConfigMap\napiVersion: v1\n');
    const warned = await runGantry(['validate', 'bad/unused.yaml'], { cwd });
    assert.match(
      warned.stdout,
      /^bad\/unused\.yaml:6:17: warning: variable "x" is never used.*\n(.*\n){3,}\n1 file, 0 problems, 1 warning\n$/,
    );
    const noted = await runGantry(['validate', '--strict', 'good'], { cwd });
    assert.equal(
      noted.stdout,
      'good/map.yaml:1:7: note: ConfigMap (v1) is not a Kargo kind: ignored\n\n2 files, 0 problems\n',
    );
    const strict = await runGantry(['validate', '--strict', 'bad/unused.yaml'], { cwd });
    assert.deepEqual([warned.code, noted.code, strict.code, strict.stdout], [0, 0, 2, warned.stdout]);
    rmSync(join(cwd, 'good/map.yaml'));
    rmSync(join(cwd, 'bad/unused.yaml'));
  });

  it('takes the definitions of the settings', async () => {
    const { stdout } = await runGantry(['validate'], { cwd, env: { GANTRY_DEFINITIONS: 'good' } });
    assert.equal(stdout, '1 file, 0 problems\n');
  });

  it('finds nothing wrong with the examples', async () => {
    const examples = fileURLToPath(new URL('../../../examples/demo', import.meta.url));
    const { code, stdout } = await runGantry(['validate', join(examples, 'pipelines')], { cwd });
    assert.equal(stdout, '4 files, 0 problems\n');
    assert.equal(code, 0);
  });

  const own = fileURLToPath(new URL('../../../examples/own-step', import.meta.url));
  it('finds nothing wrong with the example of a step of its own, where that is known', async () => {
    const { code, stdout } = await runGantry(['validate', 'pipelines', '--steps', 'write-file.ts'], {
      cwd: own,
    });
    assert.match(stdout, /0 problems/);
    assert.equal(code, 0);
  });

  const planted: readonly (readonly [file: string, good: string, bad: string, problem: RegExp])[] = [
    [
      'render-chart.yaml',
      'uses: git-clear',
      'uses: git-claer',
      /no kind of step "git-claer", did you mean "git-clear"/,
    ],
    ['render-chart.yaml', 'strict: true', 'strikt: true', /strikt.*did you mean/],
    ['render-chart.yaml', 'strict: true', 'strict: 1', /strict/],
    ['render-chart.yaml', 'create: true', 'create: yes please', /create/],
    ['render-chart.yaml', 'branch: main', 'branch: main\n            tag: v1', /branch/],
    ['render-chart.yaml', 'as: set-tag', 'as: clone', /clone/],
    [
      'render-chart.yaml',
      "imageFrom('example/hello').Tag",
      "imageFrm('example/hello').Tag",
      /imageFrm.*imageFrom/,
    ],
    ['render-chart.yaml', '${{ ctx.stage }}\n            create', '${{ ctx.stage\n            create', /}}/],
    ['render-chart.yaml', 'releaseName: hello', 'releaseName: [hello]', /releaseName/],
    ['render-chart.yaml', 'name: hello\n', 'nam: hello\n', /"?nam/],
  ];
  for (const [file, good, bad, problem] of planted) {
    it(`finds a planted mistake at its place: ${JSON.stringify(bad)} in ${file}`, async () => {
      const folder = join(cwd, 'planted');
      cpSync(fileURLToPath(new URL('../../../examples/demo/pipelines', import.meta.url)), folder, {
        recursive: true,
      });
      const text = readFileSync(join(folder, file), 'utf8');
      const at = text.indexOf(good);
      assert.ok(at >= 0, good);
      writeFileSync(join(folder, file), text.slice(0, at) + bad + text.slice(at + good.length));
      const { code, stdout } = await runGantry(['validate', 'planted', '-o', 'json'], { cwd });
      rmSync(folder, { recursive: true });
      const { problems } = JSON.parse(stdout) as { problems: Planted[] };
      const line = text.slice(0, at).split('\n').length;
      const found = problems.filter(({ message }) => problem.test(message));
      assert.ok(found.length > 0, stdout);
      assert.ok(
        found.some((one) => one.source?.endsWith(file) && Math.abs((one.line ?? 0) - line) <= 1),
        `line ${line}: ${stdout}`,
      );
      assert.equal(code, 2);
    });
  }

  for (const path of ['empty', 'gone']) {
    it(`says when there is nothing to read: ${path}`, async () => {
      const { code, stderr } = await runGantry(['validate', path], { cwd });
      assert.match(stderr, new RegExp(`^${path}: there is no `));
      assert.equal(code, 2);
    });
  }
});

interface Planted {
  readonly message: string;
  readonly source?: string;
  readonly line?: number;
}
