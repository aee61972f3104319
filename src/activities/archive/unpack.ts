import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ReadEntry, Unpack } from 'tar';
import { createAdmission, type AdmissionRules } from './admit-entry.ts';
import { createTally, maximumEntries, maximumTotal } from './archive-limits.ts';

/** What an archive holds that was not taken out of it: path and reason. */
export type Refused = readonly string[];

/**
 * Unpacks a tar archive, compressed with gzip or not, into a new folder. Nothing is written outside of it and nothing but
 * files, folders and links that stay inside. Rejects with an Error when it is no archive, damaged or too large.
 */
export async function unpackArchive(
  file: string,
  folder: string,
  rules: AdmissionRules,
  signal: AbortSignal,
): Promise<Refused> {
  const { Unpack } = await import('tar');
  const isZipped = await isGzip(file);
  await mkdir(folder, { mode: folderMode });
  const { admit, links } = createAdmission(rules);
  const tally = createTally();
  const refused: string[] = [];
  const trouble = createTrouble();
  const unpack = new Unpack({
    cwd: folder,
    preserveOwner: false,
    dmode: folderMode,
    onwarn: (code, message) => {
      // The others tell what was made harmless.
      if (fatal.has(code)) trouble.tell(new Error(message));
    },
    filter: (path, read) => {
      const entry = read as ReadEntry;
      try {
        // Also what stays out has to be read.
        tally(path, entry.size);
        const fate = admit({ path, type: entry.type, link: entry.linkpath ?? '' });
        if (fate === 'kept back') return false;
        if ('refused' in fate) refused.push(`${path}: ${fate.refused}`);
        if (!('path' in fate)) return false;
        entry.path = fate.path;
        entry.mode = entry.type === 'Directory' ? folderMode : (entry.mode ?? 0o644) & 0o777;
        return true;
      } catch (error) {
        // Thrown in here it would end the process.
        trouble.tell(error);
        return false;
      }
    },
  });
  unpack.on('error', trouble.tell);
  const source = createReadStream(file);
  const feed = (pieces: AsyncIterable<Buffer>) => feedArchive(unpack, pieces, trouble);
  const flow = isZipped
    ? pipeline(source, createGunzip(), feed, { signal })
    : pipeline(source, feed, { signal });
  await flow.catch((error: unknown) => {
    signal.throwIfAborted();
    throw trouble.first() ?? error;
  });
  for (const [path, target] of links) await makeLink(join(folder, path), target);
  return refused;
}

/** Writes piece by piece until something is wrong, and waits for what was begun. Rejects with the first trouble. */
async function feedArchive(unpack: Unpack, pieces: AsyncIterable<Buffer>, trouble: Trouble): Promise<void> {
  const isClosed = once(unpack, 'close', { signal: trouble.signal });
  // Awaited only if it comes that far.
  isClosed.catch(() => undefined);
  let [size, hasContent, isOver] = [0, false, false];
  unpack.once('eof', () => (isOver = true));
  for await (const piece of pieces) {
    size += piece.length;
    hasContent ||= !piece.equals(Buffer.alloc(piece.length));
    if (size > maximumBytes) trouble.tell(new Error('the archive is too large'));
    // What follows an archive is only read.
    const isFull = !isOver && !unpack.write(piece);
    trouble.signal.throwIfAborted();
    if (isFull && !isOver) await once(unpack, 'drain', { signal: trouble.signal });
  }
  // To the library an archive without entries is none.
  if (!hasContent && size >= 512) return;
  unpack.end();
  await isClosed;
}

/** What went wrong first; everything that waits stops then. */
interface Trouble {
  readonly signal: AbortSignal;
  readonly tell: (error: unknown) => void;
  first(): unknown;
}

function createTrouble(): Trouble {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    tell: (error) => controller.abort(error),
    first: () => (controller.signal.aborted ? controller.signal.reason : undefined) as unknown,
  };
}

/** What the largest archive takes with its headers, generously. */
const maximumBytes = maximumTotal + maximumEntries * 2048;

async function makeLink(path: string, target: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: folderMode });
  await rm(path, { recursive: true, force: true });
  await symlink(target, path);
}

const folderMode = 0o750;

const fatal: ReadonlySet<string> = new Set([
  'TAR_ABORT',
  'TAR_BAD_ARCHIVE',
  'TAR_ENTRY_ERROR',
  'TAR_ENTRY_INVALID',
]);

/** Told by its first bytes, whatever its name. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    if (bytesRead === 0) throw new Error('the file is empty');
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}
