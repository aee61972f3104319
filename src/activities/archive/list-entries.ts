import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Ignores } from '../../core/glob/ignore.ts';
import { createTally } from './archive-limits.ts';

/** What to leave out of an archive. */
export interface Selection {
  readonly ignores: Ignores;
  /** Absolute path of the archive itself, which may lie in the folder. */
  readonly without: string;
}

/**
 * Paths of all files, folders and links in a folder, each folder before what is in it, sorted by name. Rejects with an
 * Error when they are too large or too many for an archive. Pipes, sockets and devices are left out.
 */
export async function listEntries(
  source: string,
  { ignores, without }: Selection,
): Promise<readonly string[]> {
  const tally = createTally();
  const entries: string[] = [];
  const visit = async (folder: readonly string[]): Promise<void> => {
    const found = await readdir(join(source, ...folder), { withFileTypes: true });
    for (const entry of found.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))) {
      const path = [...folder, entry.name];
      const isFolder = entry.isDirectory();
      const file = join(source, ...path);
      if ((!isFolder && !entry.isFile() && !entry.isSymbolicLink()) || file === without) continue;
      if (ignores(path, isFolder)) continue;
      tally(join(...path), entry.isFile() ? (await lstat(file)).size : 0);
      entries.push(join(...path));
      if (isFolder) await visit(path);
    }
  };
  await visit([]);
  return entries;
}

/** The same for a single file: its name, or nothing when it is ignored. */
export async function listFile(source: string, { ignores }: Selection): Promise<readonly string[]> {
  const name = basename(source);
  createTally()(name, (await lstat(source)).size);
  return ignores([name], false) ? [] : [name];
}
