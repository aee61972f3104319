import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Leases } from './leases.ts';
import { openLock, type Lock } from './lock.ts';
import { removeScratches } from './scratch.ts';
import { sweepTasks } from './sweep.ts';
import { readUid } from './worker-id.ts';
import { Workspaces } from './workspaces.ts';

/**
 * Opens a folder of workspaces for this process alone, with the leases that the markers tell. Throws when another
 * worker uses it. Processes that an earlier worker left behind are ended first: they might still write.
 */
export async function openWorkspaces(folder: string, capacity: number): Promise<Workspaces> {
  const root = resolve(folder);
  const lock = await makeRoot(root);
  try {
    const uid = await readUid(join(root, '.worker-id'));
    await sweepTasks(`${uid}/`);
    await removeScratches(root);
    const workspaces = new Workspaces(root, uid, lock, new Leases(capacity));
    for (const { key, marker } of await workspaces.list()) if (marker?.leased) workspaces.leases.take(key);
    return workspaces;
  } catch (error) {
    await lock.close();
    throw error;
  }
}

async function makeRoot(root: string): Promise<Lock> {
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    return await lockWorkspaces(root);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    const remedy = 'Choose another with --workspaces DIR or GANTRY_WORKSPACES';
    throw new Error(`The workspaces folder ${root} cannot be used: ${error.message}. ${remedy}`, {
      cause: error,
    });
  }
}

/** Keeps a folder of workspaces to this process. Throws when another worker uses it. */
export function lockWorkspaces(root: string): Promise<Lock> {
  return openLock(join(root, '.lock'), `The workspaces folder ${root}`);
}
