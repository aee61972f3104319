import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../core/errors.ts';
import { awaitSignal } from '../branch-turns.ts';
import type { GitOptions } from '../git.ts';
import { GitError } from '../run-git.ts';
import { arePacksWhole } from './check-packs.ts';
import { linkPacks } from './link-packs.ts';
import { discardMirror, findMirror, isWarm, keepInMirror, markUsed, type Mirror } from './mirror.ts';

/** A clone to be made with the objects of a mirror. */
export interface BorrowRequest {
  /** URL of the remote as git gets it. */
  readonly remote: string;
  /** Absolute path of the bare repository to be made. */
  readonly bare: string;
  /** Absent history or contents: what such a clone holds is too little for others. */
  readonly partial: boolean;
  /** Makes the clone with these options more. */
  readonly clone: (more: readonly string[]) => Promise<unknown>;
}

/**
 * Makes a clone that fetches only what the mirror lacks, and leaves that in the mirror for others. The remote decides, with
 * the credential of this promotion, what may be cloned and what its refs are. A damaged mirror is replaced, and nothing
 * that goes wrong with it is a reason to fail.
 */
export async function borrow(options: GitOptions, request: BorrowRequest): Promise<void> {
  if (!options.mirrors) {
    await request.clone([]);
    return;
  }
  const mirror = findMirror(options.mirrors, request.remote);
  if (request.partial) return cloneWith(options, mirror, request);
  await afterLeader(mirror, options.signal, () => cloneWith(options, mirror, request));
}

async function cloneWith(options: GitOptions, mirror: Mirror, request: BorrowRequest): Promise<void> {
  if (isWarm(mirror) && !(await arePacksWhole(mirror.path))) await discardMirror(mirror);
  if (!isWarm(mirror)) {
    await request.clone([]);
  } else {
    try {
      await cloneByReference(mirror, request);
    } catch (error) {
      // What the remote says has been explained, and is no GitError any more.
      if (options.signal.aborted || !(error instanceof GitError || isFileError(error))) throw error;
      await rm(request.bare, { recursive: true, force: true });
      await request.clone([]);
      options.onProgress?.(`The mirror was damaged and is made anew: ${messageOf(error)}`);
      await discardMirror(mirror);
    }
  }
  if (request.partial) return;
  await keepInMirror(mirror, request.bare).catch(async (error: unknown) => {
    options.onProgress?.(`The mirror cannot be kept: ${messageOf(error)}`);
    await discardMirror(mirror).catch(() => undefined);
  });
}

async function cloneByReference(mirror: Mirror, { bare, clone }: BorrowRequest): Promise<void> {
  await markUsed(mirror);
  await clone([`--reference=${mirror.path}`]);
  await linkPacks(mirror.path, bare);
  await rm(join(bare, 'objects', 'info', 'alternates'), { force: true });
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

const leaders = new Map<string, Promise<unknown>>();

/**
 * Who comes first fetches alone, so that the others find the new objects; those who came meanwhile wait for that, then
 * all go at once. While the mirror is cold they go one after the other.
 */
async function afterLeader(mirror: Mirror, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  for (let waited = false; ; waited = true) {
    const leader = leaders.get(mirror.path);
    if (!leader) break;
    if (waited && isWarm(mirror)) return work();
    await awaitSignal(leader, signal);
  }
  const done = work();
  const quiet = done.catch(() => undefined);
  leaders.set(mirror.path, quiet);
  try {
    await done;
  } finally {
    if (leaders.get(mirror.path) === quiet) leaders.delete(mirror.path);
  }
}
