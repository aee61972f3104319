import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hermeticEnvironment, spawnGantry, type GantryProcess } from '../support/cli.ts';
import { toolPath } from '../support/tools.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text!.trim());

/** Runs every command of the README, in its order, in a folder that looks like a checkout. */
describe('the README', function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-readme-'));
  let demo: GantryProcess;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    for (const name of ['bin', 'examples']) symlinkSync(join(root, name), join(folder, name));
    cpSync(join(root, 'examples/demo/pipelines'), join(folder, 'pipelines'), { recursive: true });
    mkdirSync(join(folder, 'secrets'));
    demo = spawnGantry(['demo'], { cwd: folder, home: folder });
    await demo.until('stdout', /Web UI:/);
    const { address } = JSON.parse(readFileSync(join(folder, '.gantry/dev.json'), 'utf8')) as {
      address: string;
    };
    const own = hermeticEnvironment(folder);
    env = { ...own, PATH: `${dirname(toolPath('temporal'))}:${own['PATH']}`, TEMPORAL_ADDRESS: address };
  });
  after(async () => {
    demo.child.kill('SIGTERM');
    await demo.exited;
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  it('shows the commands that are run here, and no others', () => {
    assert.deepEqual(
      blocks.map((block) => block.split(/\s/).slice(0, 3).join(' ')),
      [
        'npm start',
        './bin/gantry validate examples/demo/pipelines',
        './bin/gantry promote --project',
        'temporal workflow start',
        './bin/gantry worker --definitions',
        'npm test',
      ],
    );
  });

  it('npm start runs the demo', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    assert.equal(scripts['start'], 'node scripts/setup.js && node bin/gantry demo');
    assert.match(demo.written.stdout + demo.written.stderr, /Succeeded[\s\S]*Succeeded/);
  });

  for (const block of blocks.filter((text) => /validate|promote|temporal/.test(text))) {
    it(`runs: ${block.split('\n')[0]}`, () => {
      const { status, stdout, stderr } = spawnSync('bash', ['-euc', block], {
        cwd: folder,
        env,
        encoding: 'utf8',
      });
      assert.equal(status, 0, `${stdout}\n${stderr}`);
    });
  }

  it('runs: gantry worker', async () => {
    const block = blocks.find((text) => text.includes('gantry worker'))!;
    const worker = spawn('bash', ['-euc', `exec ${block}`], {
      cwd: folder,
      env: { ...env, GANTRY_WORKSPACES: join(folder, 'other-disk') },
    });
    let written = '';
    await new Promise<void>((resolve, reject) => {
      worker.stderr.on('data', (chunk: Buffer) => {
        written += chunk;
        if (written.includes('Worker is ready')) resolve();
      });
      worker.once('exit', () => reject(new Error(written)));
    });
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    worker.kill('SIGTERM');
    assert.equal(await exited, 0, written);
  });
});
