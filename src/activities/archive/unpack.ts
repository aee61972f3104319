import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ReadEntry } from 'tar';
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
  await mkdir(folder, { mode: 0o750 });
  const admit = createAdmission(rules);
  const tally = createTally();
  const refused: string[] = [];
  let problem: unknown;
  const unpack = new Unpack({
    cwd: folder,
    preserveOwner: false,
    dmode: folderMode,
    onwarn: (code, message) => {
      // The others tell what was made harmless.
      if (fatal.has(code)) problem ??= new Error(String(message));
    },
    filter: (path, found) => {
      const entry = found as ReadEntry;
      try {
        // Also what stays out has to be read.
        tally(path, entry.size);
        const answer = admit({ path, type: entry.type, link: entry.linkpath ?? '' });
        if ('refused' in answer) refused.push(`${path}: ${answer.refused}`);
        if (!('path' in answer)) return false;
        entry.path = answer.path;
        entry.mode = entry.type === 'Directory' ? folderMode : (entry.mode ?? 0o644) & 0o777;
        return true;
      } catch (error) {
        // Thrown in here it would end the process.
        problem ??= error;
        queueMicrotask(() => unpack.abort(error as Error));
        return false;
      }
    },
  });
  const source = createReadStream(file);
  const steps = isZipped ? [source, createGunzip()] : [source];
  const bounds = createBounds();
  await pipeline([...steps, bounds.stream, unpack], { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    problem ??= error;
  });
  // To the library an archive without entries is none.
  if (problem && !bounds.isBlank()) throw problem;
  return refused;
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

/** Counts what comes through and breaks off what never ends; `isBlank`: whole blocks came, all of them empty. */
function createBounds(): { readonly stream: Transform; isBlank(): boolean } {
  let [size, hasContent] = [0, false];
  const stream = new Transform({
    transform(piece: Buffer, _encoding, done) {
      size += piece.length;
      hasContent ||= piece.some((byte) => byte !== 0);
      if (size > maximumBytes) done(new Error('the archive is too large'));
      else done(null, piece);
    },
  });
  return { stream, isBlank: () => !hasContent && size >= 512 };
}

/** What the largest archive takes with its headers, generously. */
const maximumBytes = maximumTotal + maximumEntries * 2048;
