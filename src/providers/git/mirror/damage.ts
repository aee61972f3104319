import { copyFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isGitError } from '../run-git.ts';
import type { BorrowRequest } from './borrow.ts';
import { discardMirror, keepInMirror, type Mirror } from './mirror.ts';

/** Says whether git found objects that cannot be read. */
export function isDamage(error: unknown): boolean {
  return isGitError(error) && damage.test((error as Error).message);
}

/**
 * Fetches all objects of a clone anew, without the mirror, and begins the mirror anew with them. What was made of the clone
 * meanwhile, refs and work trees, stays.
 */
export async function replaceDamaged(
  { bare }: { readonly bare: string },
  mirror: Mirror,
  { bare: fresh, clone, partial }: BorrowRequest,
): Promise<void> {
  await discardMirror(mirror);
  await rm(fresh, { recursive: true, force: true });
  await clone([]);
  if (!partial) await keepInMirror(mirror, fresh).catch(() => undefined);
  const damaged = join(dirname(bare), 'damaged');
  await rename(join(bare, 'objects'), damaged);
  await rename(join(fresh, 'objects'), join(bare, 'objects'));
  await copyFile(join(fresh, 'shallow'), join(bare, 'shallow')).catch(() => undefined);
  await rm(damaged, { recursive: true, force: true });
  await rm(fresh, { recursive: true, force: true });
}

const damage =
  /unable to read|cannot (read|be accessed)|could not (parse|read|open pack)|corrupt|truncated|inflate|bad (object|tree|signature)|missing (blob|tree|commit|object)|packfile|invalid object|garbage at end of|not a valid object/i;
