import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { hermeticEnvironment, spawnGantry, type GantryProcess } from '../support/cli.ts';
import { fencesOf, listPages, type Fence } from '../support/markdown.ts';
import { useUpOldPolls } from '../support/old-polls.ts';
import { toolPath } from '../support/tools.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Follows every page from its top to its end, each in a folder of its own, with one `npm start` for all. */
describe('the pages, followed', function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-docs-'));
  let demo: GantryProcess;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    linkCheckout(folder);
    demo = spawnGantry(['demo'], { cwd: folder, home: folder });
    await demo.until('stdout', /Web UI:/);
    env = environmentOf(folder);
  });
  after(async () => {
    demo.child.kill('SIGTERM');
    await demo.exited;
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  it('npm start runs the demo', () => {
    const manifest = readFileSync(join(root, 'package.json'), 'utf8');
    const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };
    assert.equal(scripts['start'], 'node scripts/setup.js && node bin/gantry demo');
    assert.match(demo.written.stdout + demo.written.stderr, /Succeeded[\s\S]*Succeeded/);
  });

  for (const page of listPages()) {
    describe(page.path, () => {
      const place = join(folder, 'pages', basename(page.path, '.md'));
      const reader: Reader = { cwd: place, state: join(place, '.state'), output: '', running: [] };

      before(() => {
        mkdirSync(place, { recursive: true });
        linkCheckout(place);
        symlinkSync(join(folder, '.gantry'), join(place, '.gantry'));
        writeFileSync(reader.state, '');
      });
      after(async () => {
        await Promise.all(reader.running.map(stop));
        if (reader.running.length > 0) await withClient(env['TEMPORAL_ADDRESS']!, useUpOldPolls);
      });

      for (const fence of fencesOf(page)) {
        const { line, marks, language } = fence;
        if (marks['file']) it(`line ${line}: ${marks['file']} is written`, () => writeFile(reader, fence));
        if (language === 'sh' && !('not run' in marks)) {
          it(`line ${line}: ${fence.text.split('\n')[0]}`, () => follow(reader, fence, env));
        }
        if ('output' in marks) it(`line ${line}: shows that`, () => compare(reader, fence));
      }
    });
  }
});

/** Somebody who follows a page. */
interface Reader {
  cwd: string;
  /** Script that brings back what the commands so far have exported. */
  readonly state: string;
  /** Of the last command. */
  output: string;
  /** What is left running in other terminals. */
  readonly running: ChildProcess[];
}

/** What a checkout has that pages speak of. */
function linkCheckout(folder: string): void {
  for (const name of ['bin', 'examples']) symlinkSync(join(root, name), join(folder, name));
  cpSync(join(root, 'examples/demo/pipelines'), join(folder, 'pipelines'), { recursive: true });
  mkdirSync(join(folder, 'secrets'));
}

/** `gantry` and `temporal` on PATH, and the server and data folder of the demo. */
function environmentOf(folder: string): NodeJS.ProcessEnv {
  const { address } = JSON.parse(readFileSync(join(folder, '.gantry/dev.json'), 'utf8')) as {
    address: string;
  };
  const own = hermeticEnvironment(folder);
  return {
    ...own,
    PATH: `${join(root, 'bin')}:${dirname(toolPath('temporal'))}:${own['PATH']}`,
    TEMPORAL_ADDRESS: address,
    GANTRY_DATA: join(folder, '.gantry'),
    USER: 'you',
    LOGNAME: 'you',
  };
}

async function withClient(address: string, work: (client: Client) => Promise<void>): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

function writeFile({ cwd }: Reader, { text, marks }: Fence): void {
  const path = join(cwd, marks['file']!);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function follow(reader: Reader, fence: Fence, env: NodeJS.ProcessEnv): Promise<void> {
  if (fence.marks['runs until']) return leaveRunning(reader, fence, env);
  const { cwd, state } = reader;
  const script = `exec 2>&1\n. '${state}'\n${fence.text}\nexport -p >'${state}'\npwd >'${state}.cwd'`;
  // -u is left out: people's shells have it off.
  const { status, stdout } = spawnSync('bash', ['-ec', script], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  reader.output = stdout;
  assert.equal(status, Number(fence.marks['exit'] ?? 0), stdout);
  if (status === 0) reader.cwd = readFileSync(`${state}.cwd`, 'utf8').trim();
}

/** A command in a terminal of its own, until it says what the page waits for. */
async function leaveRunning(reader: Reader, { text, marks }: Fence, env: NodeJS.ProcessEnv): Promise<void> {
  // The disk is taken: the demo's worker has it.
  const own = { ...env, GANTRY_WORKSPACES: join(reader.cwd, `disk-${reader.running.length}`) };
  const child = spawn('bash', ['-ec', `exec ${text}`], { cwd: reader.cwd, env: own });
  reader.running.push(child);
  reader.output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        reader.output += chunk.toString();
        if (reader.output.includes(marks['runs until']!)) resolve();
      });
    }
    child.once('exit', () => reject(new Error(reader.output)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode === null) child.kill('SIGTERM');
  assert.equal(child.exitCode ?? (await exited), 0);
}

/** Every line that the page shows is in the output, in that order; `…` stands for anything. */
function compare({ output }: Reader, { text }: Fence): void {
  const lines = output.split('\n').map((line) => line.trim());
  let from = 0;
  for (const shown of text.split('\n').map((line) => line.trim())) {
    if (shown === '' || shown === '…') continue;
    const at = lines.findIndex((line, index) => index >= from && patternOf(shown).test(line));
    assert.ok(at >= 0, `no line like ${JSON.stringify(shown)} in:\n${output}`);
    from = at + 1;
  }
}

function patternOf(shown: string): RegExp {
  const parts = shown.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
