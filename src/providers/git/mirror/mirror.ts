import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linkPacks, replacePacks } from './link-packs.ts';

/** Where mirrors are kept, on the disk of the workspaces. */
export interface MirrorOptions {
  /** Absolute path. */
  readonly folder: string;
  /** Files from which on a work tree is kept for the next promotion; default 200. Smaller ones are faster made anew. */
  readonly smallestTree?: number;
}

/** What is known of one remote repository on this disk: packs of objects, and clean work trees. */
export interface Mirror {
  /** Absolute path of a bare repository. */
  readonly path: string;
  /** Absolute path of the folder of kept work trees. */
  readonly trees: string;
  readonly smallestTree: number;
}

/** The mirror of a remote, whether it exists or not. */
export function findMirror({ folder, smallestTree = 200 }: MirrorOptions, remote: string): Mirror {
  const path = join(folder, createHash('sha256').update(remote).digest('hex').slice(0, 32));
  return { path, trees: join(path, 'trees'), smallestTree };
}

/** Says whether a clone can borrow from the mirror. */
export function isWarm({ path }: Mirror): boolean {
  return existsSync(join(path, 'packed-refs'));
}

/**
 * Takes the objects of a full clone into the mirror, and its refs, which tell the next clone what need not be sent. Every
 * change is a link or a rename, so nobody ever sees half of one, and a killed worker leaves no lock.
 */
export async function keepInMirror({ path }: Mirror, bare: string): Promise<void> {
  await mkdir(join(path, 'objects', 'pack'), { recursive: true, mode: 0o700 });
  await mkdir(join(path, 'refs'), { recursive: true, mode: 0o700 });
  await linkPacks(bare, path);
  await replacePacks(bare, path);
  if (!existsSync(join(path, 'HEAD'))) {
    await replaceFile(join(path, 'config'), mirrorConfig(await readFile(join(bare, 'config'), 'utf8')));
    await replaceFile(join(path, 'HEAD'), 'ref: refs/heads/main\n');
  }
  const refs = await readFile(join(bare, 'packed-refs'), 'utf8');
  const known = await readFile(join(path, 'packed-refs'), 'utf8').catch(() => undefined);
  if (refs !== known) await replaceFile(join(path, 'packed-refs'), refs);
}

/** Notes that somebody needed the mirror now: the least recently used goes first. */
export async function markUsed({ path }: Mirror): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

/** Deletes the mirror, its work trees too. Clones that borrowed from it have links of their own. */
export async function discardMirror({ path }: Pick<Mirror, 'path'>): Promise<void> {
  const trash = `${path}.trash-${randomUUID()}`;
  await rename(path, trash).catch(() => undefined);
  await rm(trash, { recursive: true, force: true, maxRetries: 3 });
}

async function replaceFile(file: string, text: string): Promise<void> {
  const fresh = `${file}.${randomUUID()}`;
  await writeFile(fresh, text, { mode: 0o600 });
  await rename(fresh, file);
}

/** Objects are named by the same hash as in the remote. */
function mirrorConfig(config: string): string {
  const isSha256 = /objectformat\s*=\s*sha256/i.test(config);
  const version = `[core]\n\trepositoryformatversion = ${isSha256 ? 1 : 0}\n\tbare = true\n`;
  return isSha256 ? `${version}[extensions]\n\tobjectformat = sha256\n` : version;
}
