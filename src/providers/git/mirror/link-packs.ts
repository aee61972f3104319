import { copyFile, link, lstat, readdir, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/**
 * Gives a repository the packs of another by hard links: a thousand files cost as little as one, and neither depends on
 * the other afterwards. Where the disk knows no links the packs are copied.
 */
export async function linkPacks(from: string, to: string): Promise<void> {
  for (let round = 0; ; round++) {
    const gone = await linkAll(await listMissing(from, to), from, to);
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

/** Puts packs in the place of others of the same name: what git has just received is right, whatever lay there. */
export async function replacePacks(from: string, to: string): Promise<void> {
  const [there, here] = await Promise.all([listFiles(from), listFiles(to)]);
  for (const [name, inode] of there) {
    if (!here.has(name) || here.get(name) === inode) continue;
    const fresh = join(packsOf(to), `${randomUUID()}.link`);
    await linkFile(join(packsOf(from), name), fresh);
    await rename(fresh, join(packsOf(to), name));
  }
}

async function listFiles(bare: string): Promise<ReadonlyMap<string, number>> {
  const names = (await readdir(packsOf(bare)).catch(() => [])).filter((name) => packFile.test(name));
  const found = await Promise.all(
    names.map((name) => lstat(join(packsOf(bare), name)).catch(() => undefined)),
  );
  return new Map(names.map((name, index) => [name, found[index]?.ino ?? 0]));
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
