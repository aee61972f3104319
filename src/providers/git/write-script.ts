import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes an executable script into a private folder, whole or not at all; returns its path. */
export async function writeScript(folder: string, name: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  await writeFile(`${path}.new`, text, { mode: 0o700 });
  await rename(`${path}.new`, path);
  return path;
}
