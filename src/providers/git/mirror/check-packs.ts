import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Says whether every pack that has an index ends as the index says: one that was cut off does not. It takes two short reads
 * for each pack; contents are checked by whoever reads them.
 */
export async function arePacksWhole(bare: string): Promise<boolean> {
  const folder = join(bare, 'objects', 'pack');
  const indexes = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.idx'));
  const whole = await Promise.all(indexes.map((name) => isWhole(folder, name)));
  return indexes.length > 0 && whole.every(Boolean);
}

/** The last of an index are two checksums: that of the pack, and its own. */
async function isWhole(folder: string, index: string): Promise<boolean> {
  const idLength = index.length > 64 ? 32 : 20;
  const told = await readEnd(join(folder, index), 2 * idLength);
  const found = await readEnd(join(folder, index.replace(/idx$/, 'pack')), idLength);
  return !!told && !!found && told.subarray(0, idLength).equals(found);
}

async function readEnd(path: string, length: number): Promise<Buffer | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    if (size < length) return undefined;
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer;
  } finally {
    await file.close();
  }
}
