import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findLockHolder } from './lock.ts';
import { toolNames } from './tools.ts';

/**
 * Names of the tools in a cache, and of what a broken build left behind. The publishers' sums are not among them: to
 * forget those would be to trust the next one blindly.
 */
export async function listStored(cache: string): Promise<readonly string[]> {
  const names = await readdir(cache).catch(() => []);
  return names.filter((name) => madeTool.test(name));
}

/** Rejects while somebody makes a tool there. */
export async function checkUnused(cache: string): Promise<void> {
  for (const name of await readdir(cache).catch(() => [])) {
    if (!name.endsWith('.lock')) continue;
    const holder = await findLockHolder(join(cache, name));
    if (holder) throw new Error(`Process ${holder.pid} is making a tool in ${cache}: wait for it, or stop it`);
  }
}

const madeTool = new RegExp(`^\\.?(${toolNames.join('|')})-.+-[0-9a-f]{8}(\\.(lock|draft-).*)?$`);
