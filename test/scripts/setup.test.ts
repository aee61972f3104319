import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/setup.js', import.meta.url));

/** Stands for npm: installs what the lock file says into node_modules, writing its list last. */
const npm = `
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
appendFileSync('npm-runs', process.argv.slice(2).join(' ') + '\\n');
if (process.env.FAIL) process.exit(7);
rmSync('node_modules', { recursive: true, force: true });
await new Promise((resolve) => setTimeout(resolve, 400));
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
delete packages[''];
delete packages['node_modules/not-for-this-system'];
for (const path of Object.keys(packages)) {
  mkdirSync(path, { recursive: true });
  writeFileSync(path + '/package.json', '{}');
}
console.log('noise of npm');
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
`;

describe('The set-up', () => {
  let clone: string;

  beforeEach(async () => {
    clone = await mkdtemp(join(tmpdir(), 'gantry-setup-'));
    await mkdir(join(clone, 'scripts'));
    await cp(script, join(clone, 'scripts', 'setup.js'));
    await writeFile(join(clone, 'package.json'), '{"type": "module"}');
    await writeFile(join(clone, 'npm.js'), npm);
    await lock('1.0.0');
  });
  afterEach(() => rm(clone, { recursive: true }));

  function lock(version: string) {
    const packages = {
      '': { name: 'gantry' },
      'node_modules/needed': { version, integrity: `sha512-${version}` },
      'node_modules/not-for-this-system': { version: '1.0.0', integrity: 'sha512-x', optional: true },
    };
    return writeFile(join(clone, 'package-lock.json'), JSON.stringify({ packages }));
  }

  function setUp(env: Record<string, string> = {}, flags: string[] = []) {
    const child = spawn(process.execPath, [...flags, join(clone, 'scripts', 'setup.js')], {
      // A group of its own, so a test can kill it with its npm.
      detached: true,
      env: { PATH: process.env['PATH'], npm_execpath: join(clone, 'npm.js'), ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const end = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
    return { child, end };
  }

  async function npmRuns(): Promise<string[]> {
    const text = await readFile(join(clone, 'npm-runs'), 'utf8').catch(() => '');
    return text.split('\n').filter(Boolean);
  }

  it('installs once, keeping standard output free, and leaves no trace', async () => {
    const { code, stdout, stderr } = await setUp().end;
    assert.equal(code, 0);
    assert.equal(stdout, '');
    assert.match(stderr, /Installing dependencies \(npm ci\)[\s\S]*Installed dependencies in \d+ s/);
    assert.equal(existsSync(join(clone, '.gantry')), false);
    assert.deepEqual(await setUp().end, { code: 0, stdout: '', stderr: '' });
    assert.deepEqual(await npmRuns(), ['ci --include=dev --no-audit --no-fund --loglevel=error']);
  });

  for (const [title, spoil] of [
    ['the lock file changed', () => lock('1.0.1')],
    ['a package is gone', () => rm(join(clone, 'node_modules', 'needed'), { recursive: true })],
    ['an installation was broken off', () => rm(join(clone, 'node_modules', '.package-lock.json'))],
  ] as const) {
    it(`installs again when ${title}`, async () => {
      await setUp().end;
      await spoil();
      assert.equal((await setUp().end).code, 0);
      assert.equal((await npmRuns()).length, 2);
    });
  }

  it('installs once when two run at the same time', async () => {
    const [first, second] = await Promise.all([setUp().end, setUp().end]);
    assert.deepEqual([first.code, second.code], [0, 0]);
    assert.equal((await npmRuns()).length, 1);
    assert.match(first.stderr + second.stderr, /Another set-up is running in this folder; waiting for it/);
  });

  it('goes on after one that was killed', async () => {
    const { child, end } = setUp();
    while ((await npmRuns()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(-child.pid!, 'SIGKILL');
    await end;
    assert.ok(existsSync(join(clone, '.gantry', 'setup.lock')));
    assert.equal((await setUp().end).code, 0);
    assert.equal(existsSync(join(clone, '.gantry')), false);
  });

  it('says that npm failed, and lets the next one try', async () => {
    const { code, stderr } = await setUp({ FAIL: '1' }).end;
    assert.equal(code, 1);
    assert.match(stderr, /Set-up stopped: npm ci ended with 7/);
    assert.equal((await setUp().end).code, 0);
  });

  for (const [title, fake, error] of [
    [
      'an old Node',
      `Object.defineProperty(process, 'versions', { value: { node: '20.18.3' } })`,
      /needs Node 20\.19 or newer, this is 20\.18\.3/,
    ],
    ['Windows', `Object.defineProperty(process, 'platform', { value: 'win32' })`, /run it inside WSL2/],
  ] as const) {
    it(`refuses ${title}, naming the remedy`, async () => {
      const { code, stderr } = await setUp({}, [
        '--import',
        `data:text/javascript,${encodeURIComponent(fake)}`,
      ]).end;
      assert.equal(code, 1);
      assert.match(stderr, error);
      assert.deepEqual(await npmRuns(), []);
    });
  }
});
