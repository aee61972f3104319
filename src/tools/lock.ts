import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { findProcess, isRunning, type ProcessId } from '../process-id.ts';

/** Held until released, or until the process that holds it ends, however it ends. */
export interface Lock {
  release(): Promise<void>;
}

interface Owner extends ProcessId {
  /** Tells two locks of the same process apart. */
  readonly token: string;
}

/** Takes the lock file at `path`; undefined when a running process holds it. The folder must exist. */
export async function openLock(path: string): Promise<Lock | undefined> {
  const owner = await currentOwner();
  // Written aside and linked, so nobody ever reads half a lock.
  const draft = `${path}.${owner.token}`;
  await writeFile(draft, JSON.stringify(owner), { flag: 'wx' });
  try {
    const taken = (await tryLink(draft, path)) || (await takeOver(draft, path));
    return taken ? { release: () => release(path, owner) } : undefined;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The running process that holds the lock, if any. */
export async function findLockHolder(path: string): Promise<ProcessId | undefined> {
  const owner = await readOwner(path);
  return owner !== undefined && (await isRunning(owner)) ? owner : undefined;
}

/** Waits for the lock; `onWait` hears once who holds it. Rejects with the signal's reason. */
export async function waitForLock(
  path: string,
  signal: AbortSignal,
  onWait: (holder: ProcessId) => void,
): Promise<Lock> {
  let told: ProcessId | undefined;
  for (;;) {
    const lock = await openLock(path);
    if (lock) return lock;
    if (!told && (told = await findLockHolder(path))) onWait(told);
    await new Promise((resolve) => setTimeout(resolve, 100));
    signal.throwIfAborted();
  }
}

async function currentOwner(): Promise<Owner> {
  const id = await findProcess(process.pid);
  return { pid: process.pid, started: id?.started ?? '', token: randomUUID() };
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return { pid: 0, started: '', token: 'unreadable' };
    throw error;
  }
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

/** Replaces the lock of a dead process. Only who holds the claim on that very lock may replace it. */
async function takeOver(draft: string, path: string): Promise<boolean> {
  const dead = await readOwner(path);
  if (dead === undefined) return tryLink(draft, path);
  if (await isRunning(dead)) return false;
  const claim = `${path}.claim-${dead.token}`;
  if (!(await tryLink(draft, claim))) {
    // The claimant may have been killed, too.
    if ((await findLockHolder(claim)) === undefined) await rm(claim, { force: true });
    return false;
  }
  try {
    if ((await readOwner(path))?.token !== dead.token) return false;
    await rename(draft, path);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

async function release(path: string, owner: Owner): Promise<void> {
  if ((await readOwner(path))?.token === owner.token) await rm(path, { force: true });
}
