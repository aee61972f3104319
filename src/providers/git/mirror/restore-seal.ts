import {
  type BigIntStats,
  chmodSync,
  type Dirent,
  lstatSync,
  readdirSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { IndexEntry } from './index-file.ts';

/**
 * Deletes from a folder everything that is not exactly as the index has it, by inode, size and times to the nanosecond: a
 * write, a new mode or new attributes all change the time of the last change, which nobody can set. What is left was
 * written by git and not touched since.
 *
 * With `since` (nanoseconds since the epoch) this is so for files that git wrote then or later; of older ones only those go
 * that the index does not name. It is for folders that `git reset --hard` works on next: git writes anew what is missing,
 * and what has changed in another second than the index has it.
 */
export async function restoreSeal(
  root: string,
  entries: ReadonlyMap<string, IndexEntry>,
  since = 0n,
): Promise<void> {
  const wanted = [...entries].filter(([, { absent }]) => !absent);
  const folders = foldersOf(wanted.map(([path]) => path));
  const folderMode = 0o777 & ~process.umask();
  await cleanFolder({ root, entries, folders, folderMode, since, effort: 0 }, '');
}

interface Walk {
  readonly root: string;
  readonly entries: ReadonlyMap<string, IndexEntry>;
  readonly folders: ReadonlySet<string>;
  /** Modes of folders are not in the index: they are as git makes them. */
  readonly folderMode: number;
  readonly since: bigint;
  effort: number;
}

/** Number of entries that stay. */
async function cleanFolder(walk: Walk, folder: string): Promise<number> {
  const place = join(walk.root, folder);
  if ((lstatSync(place).mode & 0o777) !== walk.folderMode) chmodSync(place, walk.folderMode);
  let stay = 0;
  for (const found of readdirSync(place, { withFileTypes: true })) {
    const path = folder ? `${folder}/${found.name}` : found.name;
    // Names that are no text cannot be told apart, so nobody can vouch for this folder.
    if (found.name.includes('\uFFFD')) throw new Error('a file has a name that is no text');
    if (found.isDirectory()) stay += (await keepFolder(walk, path)) ? 1 : 0;
    else stay += keepFile(walk, path, found) ? 1 : 0;
    // Less than a millisecond: promotions that have work to do go on meanwhile.
    if ((walk.effort += 1) < mostEffort) continue;
    walk.effort = 0;
    await breathe();
  }
  return stay;
}

async function keepFolder(walk: Walk, path: string): Promise<boolean> {
  const place = join(walk.root, path);
  if (!walk.folders.has(path)) {
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
    return false;
  }
  if ((await cleanFolder(walk, path)) > 0) return true;
  rmdirSync(place);
  return false;
}

function keepFile(walk: Walk, path: string, found: Dirent): boolean {
  const place = join(walk.root, path);
  const entry = walk.entries.get(path);
  if (entry && !entry.absent && isKept(walk, place, entry, found)) return true;
  unlinkSync(place);
  return false;
}

function isKept(walk: Walk, place: string, entry: IndexEntry, found: Dirent): boolean {
  if (entry.changed < walk.since) return entry.kind === 'link' ? found.isSymbolicLink() : found.isFile();
  walk.effort += effortOfLook;
  return isAsSealed(lstatSync(place, { bigint: true }), entry);
}

/** Of one name that is compared, 1. */
const effortOfLook = 7;
const mostEffort = 512;

function isAsSealed(found: BigIntStats, entry: IndexEntry): boolean {
  return (
    found.ctimeNs === entry.changed &&
    found.mtimeNs === entry.modified &&
    Number(found.ino & lower) === entry.inode &&
    Number(found.size & lower) === entry.size &&
    // Another name for the file might be a door for its next change.
    found.nlink === 1n &&
    (entry.kind === 'link' ? found.isSymbolicLink() : found.isFile())
  );
}

const lower = 0xff_ff_ff_ffn;

function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
