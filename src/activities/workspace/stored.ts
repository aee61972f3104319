import { readdir } from 'node:fs/promises';
import type { Lock } from './lock.ts';
import { lockWorkspaces } from './open-workspaces.ts';

/** Names of everything that workers have put into a folder of workspaces; strangers' files are not among them. */
export async function listStored(root: string): Promise<readonly string[]> {
  const names = await readdir(root).catch(() => []);
  return names.filter((name) =>
    /^([0-9a-f]{32}|\.trash-.*|\.worker-id|\.definitions|\.mirrors|\.scratch)$/.test(name),
  );
}

/** Keeps workers out; undefined when there is no folder to keep them out of. Throws when one is at work. */
export async function lockStored(root: string): Promise<Lock | undefined> {
  return lockWorkspaces(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
