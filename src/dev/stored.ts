import { readdir } from 'node:fs/promises';
import { findLockHolder, openLock, type Lock } from '../tools/tools.ts';
import { DataFolderInUse, dataFiles } from './data-folder.ts';

export { endOrphan } from './data-folder.ts';

/** Names of everything that development servers have put into a data folder. */
export async function listStored(data: string): Promise<readonly string[]> {
  const names = await readdir(data).catch(() => []);
  return names.filter((name) =>
    /^(dev\.json|server\.json|temporal\.(db|version|log).*|temporal-.*\.db(-wal|-shm)?)$/.test(name),
  );
}

/** Keeps servers out; undefined when there is no folder to keep them out of. Rejects with DataFolderInUse. */
export async function lockStored(data: string): Promise<Lock | undefined> {
  const { lock } = dataFiles(data);
  const taken = await openLock(lock).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (taken === null) return undefined;
  if (!taken) {
    const holder = await findLockHolder(lock);
    const who = holder ? `process ${holder.pid}, \`gantry dev\`` : 'another gantry process';
    throw new DataFolderInUse(`The data folder ${data} is in use by ${who}: stop it first`);
  }
  return taken;
}
