import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import type { findPrebuilt } from '../../src/worker/prebuilt-bundle.ts';
import { spawnGantry, type CliResult } from '../support/cli.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stage = `apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: test, namespace: demo}
spec:
  promotionTemplate:
    spec:
      steps:
        - {uses: compose-output, as: out, config: {image: "\${{ imageFrom('example/hello').Tag }}"}}
`;

describe('the package, installed from its tarball into an empty folder', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-package-'));
  const installed = join(folder, 'node_modules/gantry');
  const data = join(folder, 'data');
  let packed: readonly string[] = [];

  before(() => {
    writeFileSync(join(folder, 'package.json'), '{"type": "module", "private": true}');
    const pack = npm(root, 'pack', '--json', '--pack-destination', folder);
    const [{ filename, files }] = JSON.parse(pack.slice(pack.indexOf('[\n'))) as [PackResult];
    packed = files.map(({ path }) => path);
    npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename));
  });
  after(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

  const gantryIn = (cwd: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    spawnGantry(argv, { cwd, home: folder, env, program: join(folder, 'node_modules/.bin/gantry') });
  const gantry = (argv: readonly string[], env: NodeJS.ProcessEnv = {}) => gantryIn(folder, argv, env);
  const resultOf = ({ code, stdout, stderr }: CliResult): PromotionStatus => {
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as PromotionStatus;
  };

  it('holds what is needed to run and to write own steps, and nothing else', () => {
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
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
    assert.deepEqual(
      hooks.filter((hook) => hook in manifest.scripts),
      [],
    );
  });

  it('tells nothing of the folder it was built in', () => {
    const files = readdirSync(join(installed, 'dist'), { recursive: true, withFileTypes: true });
    const texts = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    assert.deepEqual(
      texts.filter((path) => readFileSync(path, 'utf8').includes(root)),
      [],
    );
  });

  it('takes the workflows as they came', async () => {
    const module = pathToFileURL(join(installed, 'dist/worker/prebuilt-bundle.js')).href;
    const prebuilt = (await import(module)) as { findPrebuilt: typeof findPrebuilt };
    assert.ok(await prebuilt.findPrebuilt());
  });

  it('says its version', async () => {
    const { code, stdout } = await gantry(['version', '-o', 'json']).exited;
    assert.equal(code, 0);
    assert.deepEqual(Object.keys(JSON.parse(stdout) as object), ['version', 'node', 'temporalSdk']);
  });

  it('runs a server and promotes', async () => {
    mkdirSync(join(folder, 'pipelines'));
    writeFileSync(join(folder, 'pipelines/stage.yaml'), stage);
    cpSync(join(installed, 'examples/demo/freight.yaml'), join(folder, 'freight.yaml'));
    const dev = gantry(['dev', '--port', '0', '--data', data, '-o', 'json']);
    try {
      await dev.until('stdout', /\n/);
      const promote = 'promote --project demo --stage test --freight freight.yaml --definitions pipelines';
      const end = await gantry([...promote.split(' '), '--data', data, '-o', 'json']).exited;
      assert.deepEqual(resultOf(end).state, { out: { image: '1.0.0' } });
    } finally {
      dev.child.kill('SIGTERM');
      await dev.exited;
    }
  });

  describe('with a step of one’s own', () => {
    const example = join(folder, 'own-step');
    let server: TestServer;

    before(async () => {
      server = await useTemporalServer();
      cpSync(join(installed, 'examples/own-step'), example, { recursive: true });
      compile(example);
    });

    it('is known to every command where gantry.yaml says so', async () => {
      const run = (...argv: string[]) => gantryIn(example, [...argv, '--data', data, '-o', 'json']);
      const { stdout } = await run('steps').exited;
      assert.ok((JSON.parse(stdout) as { name: string }[]).some(({ name }) => name === 'write-file'));
      assert.equal((await run('validate').exited).code, 0);
      const dev = run('dev', '--port', '0');
      try {
        await dev.until('stdout', /\n/);
        const promote = 'promote --project demo --stage test --freight freight.yaml';
        for (const definitions of [[], ['--definitions', 'pipelines']]) {
          const { state } = resultOf(await run(...promote.split(' '), ...definitions).exited);
          assert.deepEqual(state, { note: { bytes: 5 }, told: { bytes: 5 } });
        }
      } finally {
        dev.child.kill('SIGTERM');
        await dev.exited;
      }
    });

    it('compiles it, runs it beside its own, and promotes with it', async () => {
      const env = { TEMPORAL_ADDRESS: server.address, GANTRY_DATA: data };
      const program = join(example, 'out/worker.js');
      const worker = spawnGantry(['pipelines'], { cwd: example, home: folder, env, program });
      try {
        await worker.until('stderr', /Worker is ready/);
        const freight = join(example, 'freight.yaml');
        const promote = ['promote', '--project', 'demo', '--stage', 'test', '--freight', freight];
        const { state } = resultOf(await gantry([...promote, '-o', 'json'], env).exited);
        assert.deepEqual(state, { note: { bytes: 5 }, told: { bytes: 5 } });
      } finally {
        worker.child.kill('SIGTERM');
        assert.equal((await worker.exited).code, 0);
      }
    });
  });
});

interface PackResult {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** With the user's own npm settings: they say where packages come from. */
function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** With the compiler and the types of Node that are here already. */
function compile(folder: string): void {
  const modules = join(root, 'node_modules');
  const args = [join(modules, 'typescript/bin/tsc'), '--typeRoots', join(modules, '@types')];
  execFileSync(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}
