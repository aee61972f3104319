import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { spawnGantry, type CliResult } from '../support/cli.ts';
import { usePackage, type InstalledPackage } from '../support/installed-package.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';

const source = fileURLToPath(new URL('../..', import.meta.url));

describe('the package, installed from its tarball into an empty folder', function () {
  this.timeout(180_000);
  let installed: InstalledPackage;

  before(() => {
    installed = usePackage();
  });

  it('holds what is needed to run and to write own steps, and nothing else', () => {
    const { packed } = installed;
    const rooms = new Set(packed.map((path) => path.split('/')[0]!));
    const known =
      'CHANGELOG.md LICENSE NOTICE README.md bin data dist docs examples package.json schemas tools';
    assert.deepEqual(
      [...rooms].filter((room) => !known.split(' ').includes(room)),
      [],
    );
    const needed = [
      'bin/gantry',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/workflow-bundle.js',
      'dist/workflow-bundle.json',
      'docs/expressions.md',
      'docs/steps/git-clone.md',
      'examples/own-step/write-file.ts',
      'data/time-zones.txt',
      'schemas/promotion-steps.schema.json',
      'tools/helm/go.mod',
      'tools/kustomize/go.mod',
      'tools/temporal/go.sum',
    ];
    assert.deepEqual(
      needed.filter((path) => !packed.includes(path)),
      [],
    );
    assert.deepEqual(
      packed.filter((path) => /^dist\/.*(\.map|(?<!\.d)\.ts)$/.test(path)),
      [],
    );
  });

  it('runs nothing when it is installed', () => {
    const manifest = JSON.parse(readFileSync(join(installed.root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
    assert.deepEqual(
      hooks.filter((hook) => hook in manifest.scripts),
      [],
    );
  });

  it('tells nothing of the folder it was built in', () => {
    const files = readdirSync(join(installed.root, 'dist'), { recursive: true, withFileTypes: true });
    const texts = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    assert.deepEqual(
      texts.filter((path) => readFileSync(path, 'utf8').includes(source)),
      [],
    );
  });

  it('takes the workflows as they came', () => {
    const module = pathToFileURL(join(installed.root, 'dist/worker/prebuilt-bundle.js')).href;
    // In a process of its own: a second copy of the native core would outlive its folder in this one.
    const script = `console.log(Boolean(await (await import('${module}')).findPrebuilt()))`;
    const args = ['--input-type=module', '--eval', script];
    assert.equal(execFileSync(process.execPath, args, { encoding: 'utf8' }), 'true\n');
  });

  it('says its version', async () => {
    const { code, stdout } = await installed.gantry(installed.folder, ['version', '-o', 'json']).exited;
    assert.equal(code, 0);
    assert.deepEqual(Object.keys(JSON.parse(stdout) as object), ['version', 'node', 'temporalSdk']);
  });

  describe('with a step of one’s own', () => {
    const promote = 'promote --project demo --stage test --freight freight.yaml'.split(' ');
    let example: string;
    let data: string;
    let server: TestServer;

    before(async () => {
      server = await useTemporalServer();
      example = join(installed.folder, 'own-step');
      data = join(installed.folder, 'own-step-data');
      cpSync(join(installed.root, 'examples/own-step'), example, { recursive: true });
      compile(example);
    });

    it('is known to every command where gantry.yaml says so', async () => {
      const run = (...argv: string[]) => installed.gantry(example, [...argv, '--data', data, '-o', 'json']);
      const { stdout } = await run('steps').exited;
      assert.ok((JSON.parse(stdout) as { name: string }[]).some(({ name }) => name === 'write-file'));
      assert.equal((await run('validate').exited).code, 0);
      const dev = run('dev', '--port', '0');
      try {
        await dev.until('stdout', /\n/);
        for (const definitions of [[], ['--definitions', 'pipelines']]) {
          const { state } = resultOf(await run(...promote, ...definitions).exited);
          assert.deepEqual(state, { note: { bytes: 5 }, told: { bytes: 5 } });
        }
      } finally {
        dev.child.kill('SIGTERM');
        await dev.exited;
      }
    });

    it('compiles it, runs it beside its own in a program of one’s own, and promotes with it', async () => {
      const env = { TEMPORAL_ADDRESS: server.address, GANTRY_DATA: data };
      const program = join(example, 'out/worker.js');
      const worker = spawnGantry(['pipelines'], { cwd: example, home: installed.folder, env, program });
      try {
        await worker.until('stderr', /Worker is ready/);
        const { state } = resultOf(await installed.gantry(example, [...promote, '-o', 'json'], env).exited);
        assert.deepEqual(state, { note: { bytes: 5 }, told: { bytes: 5 } });
      } finally {
        worker.child.kill('SIGTERM');
        assert.equal((await worker.exited).code, 0);
      }
    });
  });
});

function resultOf({ code, stdout, stderr }: CliResult): PromotionStatus {
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as PromotionStatus;
}

/** With the compiler and the types of Node that are here already. */
function compile(folder: string): void {
  const modules = join(source, 'node_modules');
  const args = [join(modules, 'typescript/bin/tsc'), '--typeRoots', join(modules, '@types')];
  execFileSync(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}
