import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps a folder to one process. */
export interface Lock {
  close(): Promise<void>;
}

interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process began, as its system counts it: pids are used again. */
  readonly began: string;
}

/**
 * Takes a lock file, also that of a process that died without giving it back. Throws while its holder lives: on this
 * machine by its pid, elsewhere by a sign of life at most 30 s old.
 */
export async function openLock(file: string, what: string): Promise<Lock> {
  const holder: Holder = { host: hostname(), pid: process.pid, began: await beginOf(process.pid) };
  const mine = `${file}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(holder), { mode: 0o600 });
  try {
    while (!(await tryLink(mine, file))) await removeDead(file, what);
  } finally {
    await rm(mine, { force: true });
  }
  const sign = setInterval(
    () => void utimes(file, new Date(), new Date()).catch(() => undefined),
    signOfLife,
  );
  sign.unref();
  return {
    async close() {
      clearInterval(sign);
      await rm(file, { force: true });
    },
  };
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a dead process. One process at a time looks, so none removes the lock of a successor. */
async function removeDead(file: string, what: string): Promise<void> {
  const claim = `${file}.claim`;
  if (!(await tryClaim(claim))) {
    await sleep(100);
    return;
  }
  try {
    const holder = parseHolder(await readFile(file, 'utf8').catch(() => ''));
    if (holder && (await isAlive(holder, file))) {
      throw new Error(
        `${what} is in use by process ${holder.pid} on ${holder.host}: stop it, or use another folder`,
      );
    }
    await rm(file, { force: true });
  } finally {
    await rm(claim, { recursive: true, force: true });
  }
}

async function tryClaim(claim: string): Promise<boolean> {
  try {
    await mkdir(claim);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since = (await stat(claim).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - since > signOfLife) await rm(claim, { recursive: true, force: true });
    return false;
  }
}

async function isAlive(holder: Holder, file: string): Promise<boolean> {
  if (holder.host !== hostname()) {
    const seen = await stat(file).catch(() => undefined);
    return seen !== undefined && Date.now() - seen.mtimeMs < 3 * signOfLife;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return (await beginOf(holder.pid)) === holder.began;
}

function parseHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** Start of a process in clock ticks; empty where the system does not tell. */
async function beginOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** Milliseconds. */
const signOfLife = 10_000;
