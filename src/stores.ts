import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { listStored as listWorkspaces, lockStored as lockWorkspaces } from './activities/workspace/stored.ts';
import { sizeOfFolder } from './activities/workspace/folders.ts';
import { endOrphan, listStored as listData, lockStored as lockData } from './dev/stored.ts';
import { checkUnused, listStored as listTools } from './tools/stored.ts';
import { bundleFolder } from './worker/bundle-cache.ts';

export const storeNames = ['data', 'workspaces', 'bundles', 'tools'] as const;
export type StoreName = (typeof storeNames)[number];

/** Where things are kept. Absolute paths. */
export interface StorePlaces {
  readonly data: string;
  readonly workspaces: string;
  /** Folder of made tools. */
  readonly tools: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Things that Gantry keeps in one folder, which may hold files of others, too. */
export interface Store {
  readonly name: StoreName;
  readonly path: string;
  /** Names in the folder that are Gantry's own. */
  readonly entries: readonly string[];
  readonly bytes: number;
}

/** What there is in each place. */
export async function findStores(places: StorePlaces): Promise<readonly Store[]> {
  return Promise.all(
    storeNames.map(async (name) => {
      const path = pathOf(name, places);
      const entries = await lists[name](path);
      const sizes = await Promise.all(entries.map((entry) => sizeOf(join(path, entry))));
      return { name, path, entries, bytes: sizes.reduce((sum, size) => sum + size, 0) };
    }),
  );
}

/**
 * Keeps everybody out of all places while `work` goes on. Rejects, with nothing done, when a server, a worker or a build
 * is at work in one of them.
 */
export async function withStoresLocked<Value>(
  places: StorePlaces,
  work: () => Promise<Value>,
): Promise<Value> {
  await checkUnused(places.tools);
  const data = await lockData(places.data);
  try {
    const workspaces = await lockWorkspaces(places.workspaces);
    try {
      return await work();
    } finally {
      await workspaces?.close();
    }
  } finally {
    await data?.release();
  }
}

/** Deletes what is listed; a server that outlived its `gantry dev` is ended first. The folder itself goes when nothing of others is left in it. */
export async function removeStore({ name, path, entries }: Store): Promise<void> {
  if (name === 'data') await endOrphan(path);
  for (const entry of entries) await rm(join(path, entry), { recursive: true, force: true, maxRetries: 3 });
}

/** Deletes the folders of stores where nothing is left; for when the locks in them are gone. */
export async function removeEmptyFolders(stores: readonly Store[]): Promise<void> {
  // Longer paths first: one may lie in another.
  for (const path of stores.map((store) => store.path).sort((a, b) => b.length - a.length)) {
    await rmdir(path).catch(() => undefined);
  }
}

function pathOf(name: StoreName, { data, workspaces, tools, env }: StorePlaces): string {
  return { data, workspaces, tools, bundles: bundleFolder(env) }[name];
}

const lists: Readonly<Record<StoreName, (path: string) => Promise<readonly string[]>>> = {
  data: async (path) => [...(await listData(path)), ...(await present(path, ['demo']))],
  workspaces: listWorkspaces,
  tools: listTools,
  bundles: (path) => present(path, /^[0-9a-f]{32}\.js(\.|$)/),
};

async function present(path: string, wanted: readonly string[] | RegExp): Promise<readonly string[]> {
  const names = await readdir(path).catch(() => []);
  return names.filter((name) => (wanted instanceof RegExp ? wanted.test(name) : wanted.includes(name)));
}

async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return 0;
  return found.isDirectory() ? sizeOfFolder(path) : found.size;
}
