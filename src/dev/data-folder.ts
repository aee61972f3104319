import { mkdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { isRunning, openLock, type Lock, type ProcessId } from '../tools/tools.ts';

/** How to reach the development server of a data folder; the content of `dev.json`. */
export interface DevInfo {
  /** Host and port of the gRPC frontend. */
  readonly address: string;
  /** Web UI. */
  readonly ui: string;
  readonly namespace: string;
  /** The process that started the server and ends it with itself. */
  readonly pid: number;
  readonly serverVersion: string;
  /** Address of the HTTP server of Gantry, once it takes requests. */
  readonly server?: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

/** Another running process uses the data folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
}

/** The files of a development server in its data folder. */
export function dataFiles(data: string) {
  return {
    lock: join(data, 'dev.lock'),
    info: join(data, 'dev.json'),
    server: join(data, 'server.json'),
    database: join(data, 'temporal.db'),
    version: join(data, 'temporal.version'),
    log: join(data, 'temporal.log'),
  };
}

/** Room for the database and its write-ahead log to start with. */
const leastFree = 64 * 1024 * 1024;

/** Makes the folder if need be and locks it. Rejects with DataFolderInUse, or saying why it cannot be used. */
export async function lockDataFolder(data: string): Promise<Lock> {
  try {
    await mkdir(data, { recursive: true });
    const lock = await openLock(dataFiles(data).lock);
    if (!lock) throw new DataFolderInUse(`The data folder ${data} is in use by another gantry process`);
    await checkRoom(data).catch(async (error: unknown) => {
      await lock.release();
      throw error;
    });
    return lock;
  } catch (error) {
    if (error instanceof DataFolderInUse) throw error;
    throw new Error(explainUnusable(data, error), { cause: error });
  }
}

/** Why a data folder cannot be used, and what to do about it. */
export function explainUnusable(data: string, error: unknown): string {
  const reasons: Record<string, string> = {
    EACCES: 'no permission to write there',
    EPERM: 'no permission to write there',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    ENOTDIR: 'a part of the path is a file',
    EEXIST: 'there is a file of that name',
  };
  const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? messageOf(error);
  return `The data folder ${data} cannot be used: ${reason}. Choose another with --data DIR or GANTRY_DATA`;
}

/** Reads `dev.json`; undefined when there is none that can be read. */
export async function readDevInfo(data: string): Promise<DevInfo | undefined> {
  return readJson<DevInfo>(dataFiles(data).info);
}

/** Writes a JSON file whole or not at all. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`);
  await rename(draft, file);
}

/** Ends a server that outlived its process, as its files must not be opened twice. The folder must be locked. */
export async function endOrphan(data: string): Promise<void> {
  const { server, info } = dataFiles(data);
  await rm(info, { force: true });
  const orphan = await readJson<ProcessId>(server);
  if (orphan && (await isRunning(orphan))) {
    // A killed SQLite loses nothing, and nobody wants to wait for somebody else's graceful end.
    process.kill(orphan.pid, 'SIGKILL');
    while (await isRunning(orphan)) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await rm(server, { force: true });
}

/** Moves a database that another server version has written out of the way; the server would not migrate it. */
export async function setAsideForeign(
  data: string,
  serverVersion: string,
  warn: (text: string) => void,
): Promise<void> {
  const { database, version } = dataFiles(data);
  const writer = (await readFile(version, 'utf8').catch(() => 'unknown')).trim();
  if (writer === serverVersion) return;
  const stamp = new Date().toISOString().replaceAll(/[-:]|\..*/g, '');
  const aside = join(data, `temporal-${writer.replaceAll(/[^\w.-]/g, '_')}-${stamp}.db`);
  let moved = false;
  for (const suffix of ['', '-wal', '-shm'])
    moved = (await moveIfThere(database + suffix, aside + suffix)) || moved;
  if (moved) {
    warn(
      `The database of server ${writer} is set aside as ${aside}: server ${serverVersion} starts with a new one`,
    );
  }
  await writeFile(version, `${serverVersion}\n`);
}

async function checkRoom(data: string): Promise<void> {
  const { bavail, bsize } = await statfs(data);
  if (bavail * bsize < leastFree) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' });
}

async function readJson<Value>(file: string): Promise<Value | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Value;
  } catch {
    return undefined;
  }
}

async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
