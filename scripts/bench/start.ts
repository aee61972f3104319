import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleave, median, ratioOf, time, type Measure, type Times } from './measure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a command line may take before it answers: two starts of a Node that does nothing, and a half. */
const helpLimit = 2.5;
/** A server, a worker and the first step, from the sources, on a machine that has done it before. */
const firstStepLimit = 100;

/** How long people wait until something happens, measured in starts of a Node that does nothing. */
export async function measureStart(): Promise<readonly Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
  try {
    const gantry = await buildPackage(folder);
    const help = await interleave(15, () => runNode(gantry, '--help'), doNothing);
    const starts = await timeStarts(5, join(folder, 'data'));
    return [compare('start/help', helpLimit, help), compare('start/first-step', firstStepLimit, starts)];
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
async function timeStarts(rounds: number, data: string): Promise<Times> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const mine = await startDemo(data);
    const other = await time(doNothing);
    if (round === 0) continue;
    ours.push(mine);
    theirs.push(other);
  }
  return { ours, theirs };
}

/** Milliseconds from `npm start` to the first step; resolves when the demo is over. */
function startDemo(data: string): Promise<number> {
  const began = performance.now();
  let firstStep = Number.NaN;
  let written = '';
  const demo = spawn('npm', ['start', '--silent', '--', '--exit', '--data', data], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  demo.stderr.on('data', (chunk: Buffer) => {
    written += chunk.toString();
    if (Number.isNaN(firstStep) && written.includes(' · render::clone'))
      firstStep = performance.now() - began;
  });
  return new Promise((resolve, reject) => {
    demo.once('error', reject);
    demo.once('close', (code) => {
      if (code === 0 && !Number.isNaN(firstStep)) resolve(firstStep);
      else reject(new Error(`npm start ended with ${code}:\n${written}`));
    });
  });
}

function doNothing(): void {
  runNode('-e', '0');
}

function runNode(...args: string[]): void {
  execFileSync(process.execPath, args, { cwd: root, stdio: 'ignore' });
}

function compare(id: string, limit: number, times: Times): Measure {
  const ratio = ratioOf(times);
  const [ours, nothing] = [median(times.ours), median(times.theirs)];
  return {
    id,
    ratio,
    limit,
    ok: ratio <= limit,
    detail: `${ours.toFixed(0)} ms, node -e 0 ${nothing.toFixed(0)} ms`,
  };
}
