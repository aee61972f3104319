import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';

/** A running server process. It ends with the process that started it, however that ends. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process is gone, with its exit code or signal. */
  readonly gone: Promise<string>;
  /** Asks it to end, insists after a while, and waits until nothing is left. */
  readonly end: () => Promise<void>;
}

/**
 * Becomes the server itself and leaves a watcher behind, which ends the server when our end of standard input closes:
 * that happens even when we are killed. The arguments are never part of the script.
 */
const script = `
exec 3<&0
{
  read -r _ <&3
  kill -TERM $$ && for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.2; kill -0 $$ || exit; done && kill -KILL $$
} >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
`;

/** Milliseconds a server may take to end by itself. */
const patience = 4_000;

const mostLog = 5 * 1024 * 1024;

/** Starts the server in a process group of its own, its output appended to the log file. */
export async function openServerProcess(
  path: string,
  args: readonly string[],
  log: string,
): Promise<ServerProcess> {
  if ((await sizeOf(log)) > mostLog) await rename(log, `${log}.1`);
  const output = await open(log, 'a', 0o600);
  try {
    const child = spawn('/bin/sh', ['-c', script, 'sh', path, ...args], {
      detached: true,
      stdio: ['pipe', output.fd, output.fd],
      env: serverEnvironment(),
    });
    const gone = watch(child);
    // Spawning may fail at once, and then there is no pid.
    if (child.pid === undefined) throw new Error(`cannot run ${path}: ${await gone}`);
    return { pid: child.pid, gone, end: () => end(child, gone) };
  } finally {
    await output.close();
  }
}

/** The end of what the server has logged since `start`. */
export async function tailOf(log: string, start: number): Promise<string> {
  const bytes = await readFile(log).catch(() => Buffer.alloc(0));
  const lines = bytes
    .subarray(start <= bytes.length ? start : 0)
    .toString()
    .trimEnd()
    .split('\n');
  return lines.slice(-15).join('\n').slice(-4_000);
}

/** Bytes in a file; 0 when there is none. */
export async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Only what a server needs: settings of the Temporal CLI must not leak into it. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, TZ } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR, TZ }).filter(([, value]) => value !== undefined),
  );
}

function watch(child: ChildProcess): Promise<string> {
  // A watcher that is already gone must not bring us down.
  child.stdin?.on('error', () => {});
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      child.stdin?.destroy();
      resolve(signal ?? `exit code ${code}`);
    });
  });
}

async function end(child: ChildProcess, gone: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), patience);
  await gone;
  clearTimeout(insist);
  try {
    // The watcher, which would notice only a moment later.
    process.kill(-child.pid!, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
