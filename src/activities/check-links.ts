import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/**
 * Rejects with an Error when a symlink in a folder, or in what its symlinks lead to, leads out of `root`, or when there is a
 * pipe or device, for which a program would wait. Both are real paths; `what` begins the message.
 */
export async function checkLinks(root: string, folder: string, what: string): Promise<void> {
  const seen = new Set<string>();
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const entry of await readdir(next, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() || entry.isDirectory()) continue;
      const path = join(entry.parentPath, entry.name);
      if (!entry.isSymbolicLink())
        throw new Error(`${what}: ${relative(root, path)} is neither file nor folder`);
      const real = await findReal(path);
      if (real === undefined) continue;
      if (real !== root && !real.startsWith(root + sep))
        throw new Error(`${what}: ${relative(root, path)} leads out of the workspace`);
      if ((await stat(real)).isDirectory()) pending.push(real);
    }
  }
}

async function findReal(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    throw error;
  }
}
