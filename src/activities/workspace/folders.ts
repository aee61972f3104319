import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Whose folder: the same through continue-as-new and reset. */
export interface FolderOwner {
  readonly workflowId: string;
  readonly firstRunId: string;
}

/** Name of a promotion's folder. */
export function folderKey({ workflowId, firstRunId }: FolderOwner): string {
  return createHash('sha256').update(`${workflowId}/${firstRunId}`).digest('hex').slice(0, 32);
}

/** What steps see of a folder. */
export function filesOf(folder: string): string {
  return join(folder, 'files');
}

/** HOME of git and tools: keys and bare repositories, out of the steps' sight. */
export function homeOf(folder: string): string {
  return join(folder, 'home');
}

/** Mirrors of repositories, for all promotions with a folder under the same root: work trees move between the two. */
export function mirrorsOf(root: string): string {
  return join(root, '.mirrors');
}

/** An empty folder in place of whatever was there. */
export async function makeFolder(folder: string): Promise<void> {
  const { deleted } = await removeFolder(folder);
  await deleted;
  await mkdir(filesOf(folder), { recursive: true, mode: 0o700 });
  await mkdir(homeOf(folder), { mode: 0o700 });
}

/**
 * Takes a folder out of the way. What is in it is deleted afterwards: `deleted` settles, always well, when that is over.
 * What is left then, `listFolders` deletes.
 */
export async function removeFolder(folder: string): Promise<{ readonly deleted: Promise<void> }> {
  const trash = join(folder, '..', `${trashPrefix}${randomUUID()}`);
  try {
    await rename(folder, trash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { deleted: Promise.resolve() };
    throw error;
  }
  const deleted = rm(trash, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  return { deleted };
}

/** Keys of the promotions' folders under a root. What a crash left half deleted is deleted. */
export async function listFolders(root: string): Promise<readonly string[]> {
  const names = await readdir(root);
  const trash = names.filter((name) => name.startsWith(trashPrefix));
  await Promise.all(trash.map((name) => rm(join(root, name), { recursive: true, force: true })));
  return names.filter((name) => /^[0-9a-f]{32}$/.test(name));
}

/** Whether there is a folder at the path. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Bytes on disk of everything in a folder; what vanishes meanwhile counts nothing. */
export async function sizeOfFolder(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let size = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) size += await sizeOfFolder(path);
    else size += await sizeOfFile(path);
  }
  return size;
}

/** Shared with other folders, a file counts for its share. */
async function sizeOfFile(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined);
  return found ? found.size / found.nlink : 0;
}

const trashPrefix = '.trash-';
