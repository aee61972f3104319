import { chmod, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Puts a file in place as a whole: a reader, or a worker that takes over after a crash, sees the old text or the new one.
 * A file that exists keeps its permissions unless `always`, a new one gets `mode` (default 0600); a symlink is replaced,
 * not followed. The text waits in `root` until then, out of sight of work trees.
 */
export async function placeFile(
  root: string,
  path: string,
  text: string,
  mode = 0o600,
  always = false,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = join(root, `.draft-${basename(path).slice(0, 200)}`);
  try {
    // What lies there was left by a crash, or put there to be followed.
    await rm(draft, { recursive: true, force: true });
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await chmod(draft, always ? mode : ((await findMode(path)) ?? mode));
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

async function findMode(path: string): Promise<number | undefined> {
  try {
    const found = await lstat(path);
    return found.isFile() ? found.mode & 0o777 : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
