import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder that nobody else knows. */
export interface Scratch {
  readonly path: string;
  /** Deletes it; it may not have been made. */
  remove(): Promise<void>;
}

/** HOME of git for an attempt that has no workspace; it is made by whoever writes into it. */
export function openScratch(root: string): Scratch {
  const path = join(scratchesOf(root), randomUUID());
  return {
    path,
    async remove() {
      // Most attempts write nothing there, and a look costs far less than asking for a deletion.
      if (existsSync(path)) await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Deletes what attempts of an earlier worker left. */
export async function removeScratches(root: string): Promise<void> {
  await rm(scratchesOf(root), { recursive: true, force: true });
}

function scratchesOf(root: string): string {
  return join(root, '.scratch');
}
