import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** What goes into an archive. */
export interface Packing {
  /** Absolute path of the folder that the entries are in. */
  readonly folder: string;
  /** Paths of files, folders and links in it; what is in a folder is listed, too. */
  readonly entries: readonly string[];
  readonly gzip: boolean;
}

/**
 * Writes a tar archive to a new file. The same files give the same bytes: no owner, no times; two names of one file are
 * two files. Rejects with an Error when an entry cannot be read as it is.
 */
export async function packArchive(
  { folder, entries, gzip }: Packing,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const { Pack } = await import('tar');
  const pack = new Pack({
    cwd: folder,
    gzip,
    portable: true,
    mtime: new Date(0),
    noDirRecurse: true,
    strict: true,
    linkCache: new NoLinks(),
  });
  // Adding ends when the reader has drained what there is; pipeline keeps both in step.
  for (const entry of entries) pack.add(entry);
  pack.end();
  await pipeline(pack, createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal });
}

/** Remembers nothing, so that no file is stored as a link to another. */
class NoLinks extends Map<`${number}:${number}`, string> {
  override set(): this {
    return this;
  }
}
