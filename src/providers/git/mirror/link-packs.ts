import { copyFile, link, readdir, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/**
 * Gives a repository the packs of another by hard links: a thousand files cost as little as one, and neither depends on
 * the other afterwards. Where the disk knows no links the packs are copied.
 */
export async function linkPacks(from: string, to: string): Promise<void> {
  for (let round = 0; ; round++) {
    const missing = await listMissing(from, to);
    const gone = await linkAll(missing, from, to);
    // Packs are put together from time to time: then a new one holds what was in those that are gone.
    if (!gone || round === 5) return;
  }
}

async function listMissing(from: string, to: string): Promise<readonly string[]> {
  const [there, here] = await Promise.all([from, to].map((bare) => readdir(packsOf(bare)).catch(() => [])));
  const known = new Set(here);
  const missing = there!.filter((name) => packFile.test(name) && !known.has(name));
  // Git takes a pack as present as soon as its index is.
  return missing.toSorted((a, b) => Number(a.endsWith('.idx')) - Number(b.endsWith('.idx')));
}

async function linkAll(names: readonly string[], from: string, to: string): Promise<boolean> {
  let gone = false;
  for (const name of names) {
    const pack = name.slice(0, name.indexOf('.'));
    if (name.endsWith('.idx') && !names.includes(`${pack}.pack`)) continue;
    try {
      await linkFile(join(packsOf(from), name), join(packsOf(to), name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      gone = true;
    }
  }
  return gone;
}

async function linkFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOSYS'].includes(code)) throw error;
    const fresh = `${to}.${randomUUID()}`;
    await copyFile(from, fresh);
    await rename(fresh, to).catch(() => rm(fresh, { force: true }));
  }
}

function packsOf(bare: string): string {
  return join(bare, 'objects', 'pack');
}

const packFile = /^pack-[0-9a-f]+\.(pack|idx|rev|bitmap|mtimes|promisor)$/;
