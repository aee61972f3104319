import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { createToolResolver } from '../../src/tools/tools.ts';
import { interleave, median, ratioOf, type Measure, type Times } from './measure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a command line may take before it answers: two starts of a Node that does nothing, and a half. */
const helpLimit = 2.5;
/** A server, a worker and the first step, against the same without Gantry; both from sources, both for the second time. */
const firstStepLimit = 2;

/** How long people wait until something happens: an answer against a Node that does nothing, a start against a bare one. */
export async function measureStart(): Promise<readonly Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
  try {
    const gantry = await buildPackage(folder);
    const help = await interleave(15, () => runNode(gantry, '--help'), doNothing);
    const bare = await prepareBareStart(folder);
    const starts = await timeStarts(5, join(folder, 'data'), bare);
    return [
      compare('start/help', helpLimit, help, 'node -e 0'),
      compare('start/first-step', firstStepLimit, starts, 'bare server, worker and activity'),
    ];
  } finally {
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
}

/** What users install, as far as it answers questions; returns its program. */
async function buildPackage(folder: string): Promise<string> {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: root, stdio: 'inherit' });
  for (const part of ['bin', 'dist', 'package.json'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'bin', 'gantry');
}

/** Starts of the demo up to its first step; the first one, which finds nothing there, does not count. */
async function timeStarts(rounds: number, data: string, startBare: () => Promise<number>): Promise<Times> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const mine = await startDemo(data);
    const other = await startBare();
    if (round === 0) continue;
    ours.push(mine);
    theirs.push(other);
  }
  return { ours, theirs };
}

/** Milliseconds from `npm start` to the first step; resolves when the demo is over. */
function startDemo(data: string): Promise<number> {
  return timeUntil(' · render::clone', 'npm', ['start', '--silent', '--', '--exit', '--data', data]);
}

/** Bundles the bare workflow, as ours is bundled before the second start; returns what starts it on a kept database. */
async function prepareBareStart(folder: string): Promise<() => Promise<number>> {
  const workflowsPath = fileURLToPath(new URL('bare-workflow.ts', import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const codePath = join(folder, 'bare.js');
  await writeFile(codePath, code);
  const { path } = await createToolResolver({ env: process.env }).resolve('temporal');
  const program = fileURLToPath(new URL('bare-start.ts', import.meta.url));
  const args = ['--import', 'tsx', program, path, join(folder, 'bare.db'), codePath];
  return () => timeUntil('first activity done', process.execPath, args);
}

/** Milliseconds until a program writes this; resolves when the program is over. */
function timeUntil(text: string, program: string, args: readonly string[]): Promise<number> {
  const began = performance.now();
  let seen = Number.NaN;
  let written = '';
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const read = (chunk: Buffer): void => {
    written += chunk.toString();
    if (Number.isNaN(seen) && written.includes(text)) seen = performance.now() - began;
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 && !Number.isNaN(seen)) resolve(seen);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${written}`));
    });
  });
}

function doNothing(): void {
  runNode('-e', '0');
}

function runNode(...args: string[]): void {
  execFileSync(process.execPath, args, { cwd: root, stdio: 'ignore' });
}

function compare(id: string, limit: number, times: Times, raw: string): Measure {
  const ratio = ratioOf(times);
  const [ours, theirs] = [median(times.ours), median(times.theirs)];
  return {
    id,
    ratio,
    limit,
    ok: ratio <= limit,
    detail: `${ours.toFixed(0)} ms, ${raw} ${theirs.toFixed(0)} ms`,
  };
}
