import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProcess, isRunning, type ProcessId } from '../../process-id.ts';

/** Keeps a folder to one process. */
export interface Lock {
  close(): Promise<void>;
}

interface Holder extends ProcessId {
  readonly host: string;
}

/**
 * Takes a lock file, also that of a process that died without giving it back. Throws while its holder lives: on this
 * machine by its pid, elsewhere by a sign of life at most 30 s old.
 */
export async function openLock(file: string, what: string): Promise<Lock> {
  const { pid } = process;
  const holder: Holder = { pid, started: '', ...(await findProcess(pid)), host: hostname() };
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
  return isRunning(holder);
}

function parseHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** Milliseconds. */
const signOfLife = 10_000;
