import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

/** Identity of the disk with the workspaces, kept in a file; made when there is none. */
export async function readUid(file: string): Promise<string> {
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^[0-9a-f]{12}$/.test(known)) return known;
  const uid = randomBytes(6).toString('hex');
  await writeFile(file, `${uid}\n`, { mode: 0o600 });
  return uid;
}
