import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../../src/client/cli/cli.ts';
import { openLock } from '../../../src/tools/tools.ts';
import { createTerminal } from '../../support/cli.ts';

const workspace = 'workspaces/0123456789abcdef0123456789abcdef/files/a.txt';
const own = {
  data: ['data/dev.json', 'data/temporal.db', 'data/temporal.db-wal', 'data/demo/repository/HEAD'],
  workspaces: [`data/${workspace}`, 'data/workspaces/.worker-id'],
  bundles: ['cache/gantry/workflows/0123456789abcdef0123456789abcdef.js'],
  tools: ['cache/gantry/tools/helm-v3.22.0-linux-amd64-0123abcd/helm'],
};
const strangers = [
  'data/notes.txt',
  'data/workspaces/mine/a.txt',
  'cache/gantry/tools/sums/helm.sha256',
  'cache/gantry/tools/other/bin',
];

describe('gantry clean', () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const put = (name: string): void => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), 'x'.repeat(1024));
  };
  const left = (names: readonly string[]): readonly string[] =>
    names.filter((name) => existsSync(path(name)));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-clean-'));
    for (const name of [...Object.values(own).flat(), ...strangers]) put(name);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function clean(argv: readonly string[], answer?: string) {
    const env = { HOME: folder, XDG_CACHE_HOME: path('cache') };
    const { terminal, written } = createTerminal({ env, cwd: folder });
    const asked: string[] = [];
    const ask = async (question: string): Promise<string> => {
      asked.push(question);
      return answer!;
    };
    const asking = { ...terminal, ...(answer !== undefined && { ask }) };
    return { code: await runCli(['clean', '--data', 'data', ...argv], asking), ...written, asked };
  }

  it('lists with sizes, then removes what is its own, and nothing else', async () => {
    const { code, stdout, stderr } = await clean(['--yes']);
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^WHAT +SIZE +FOLDER\ndata +4 KiB +\S+\/data\nworkspaces +2 KiB .*\nbundles +1 KiB .*\ntools +1 KiB /,
    );
    assert.equal(stdout, 'Removed 8 KiB.\n');
    assert.deepEqual(left(Object.values(own).flat()), []);
    assert.deepEqual(left(strangers), strangers);
  });

  it('leaves no empty folders, and has nothing to do the second time', async () => {
    for (const name of strangers) rmSync(path(name), { recursive: true });
    rmSync(path('data/workspaces/mine'), { recursive: true });
    await clean(['--yes']);
    assert.ok(!existsSync(path('data')));
    const { code, stdout, stderr } = await clean([]);
    assert.deepEqual(
      { code, stdout, stderr },
      { code: 0, stdout: 'There is nothing to remove.\n', stderr: '' },
    );
    assert.ok(!existsSync(path('data')));
  });

  it('removes only what is named', async () => {
    const { code, stdout } = await clean(['bundles', 'workspaces', '--yes', '-o', 'json']);
    assert.equal(code, 0);
    const result = JSON.parse(stdout) as { name: string; bytes: number; removed: boolean }[];
    assert.deepEqual(
      result.map(({ name, bytes, removed }) => [name, bytes, removed]),
      [
        ['workspaces', 2048, true],
        ['bundles', 1024, true],
      ],
    );
    assert.deepEqual(left(own.data), own.data);
    assert.deepEqual(left(own.tools), own.tools);
    assert.deepEqual(left([...own.workspaces, ...own.bundles]), []);
  });

  for (const [answer, removed] of [
    ['y', true],
    ['Yes', true],
    ['', false],
    ['n', false],
    ['maybe', false],
  ] as const) {
    it(`asks a user, who says ${JSON.stringify(answer)}`, async () => {
      const { code, stdout, asked } = await clean([], answer);
      assert.deepEqual(asked, ['Remove all of this? [y/N] ']);
      assert.equal(code, removed ? 0 : 1);
      assert.equal(stdout.startsWith('Removed '), removed);
      assert.deepEqual(left(own.data), removed ? [] : own.data);
    });
  }

  it('removes nothing when nobody is there to ask', async () => {
    const { code, stderr } = await clean([]);
    assert.equal(code, 2);
    assert.match(stderr, /add --yes/);
    assert.deepEqual(left(own.data), own.data);
  });

  it('refuses while a server runs in the data folder', async () => {
    const lock = await openLock(path('data/dev.lock'));
    const { code, stderr } = await clean(['bundles', '--yes']);
    await lock!.release();
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`data is in use by process ${process.pid}, .gantry dev.: stop it first`));
    assert.deepEqual(left(own.bundles), own.bundles);
  });

  it('refuses while a worker uses the workspaces', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', holder, path('data/workspaces')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const { code, stderr } = await clean(['--yes']).finally(() => child.kill('SIGKILL'));
    await new Promise((resolve) => child.once('exit', resolve));
    assert.equal(code, 1);
    assert.match(stderr, /The workspaces folder .* is in use by process \d+/);
    assert.deepEqual(left(own.data), own.data);
    assert.ok(!readdirSync(path('data')).includes('dev.lock'));
  });
});

const holder = fileURLToPath(new URL('../../support/hold-workspaces.ts', import.meta.url));
