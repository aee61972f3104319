import { lstat, readlink } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/**
 * Absolute path of a user's path as if `root` were `/`: `..` stops there, absolute paths and symlinks (dangling ones
 * too) start there. What does not exist is taken by name. Rejects only for names no file can have and for links in a circle.
 */
export async function resolveInWorkspace(root: string, path: string): Promise<string> {
  if (path.includes('\0')) throw new Error(`path ${JSON.stringify(path)} contains a NUL character`);
  let inside: string[] = [];
  const pending = parts(path);
  let links = 0;
  while (pending.length > 0) {
    const part = pending.shift()!;
    if (part === '..') {
      inside.pop();
      continue;
    }
    const target = await findLink(join(root, ...inside, part));
    if (target === undefined) {
      inside.push(part);
      continue;
    }
    links += 1;
    if (links > maximumLinks)
      throw new Error(`path ${JSON.stringify(path)} runs through symbolic links in a circle`);
    if (isAbsolute(target)) inside = [];
    pending.unshift(...parts(target));
  }
  return join(root, ...inside);
}

/** As many as Linux follows, and then some. */
const maximumLinks = 255;

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

async function findLink(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
