import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitOptions } from '../git.ts';
import { runGit } from '../run-git.ts';
import { dropKept, listKept } from './kept-trees.ts';
import { discardMirror } from './mirror.ts';

/** How the mirrors of a disk are kept small. */
export interface MirrorRules extends Pick<GitOptions, 'binary' | 'task' | 'signal'> {
  /** Absolute path of all mirrors. */
  readonly folder: string;
  /** Bytes that they and their work trees may take; beyond it the least recently used go first, work trees before mirrors. */
  readonly maximumBytes: number;
  readonly onRemoved: (path: string) => void;
}

/** One round: packs are put together, what a crash left goes, and the disk stays within its bound. */
export async function tidyMirrors(rules: MirrorRules): Promise<void> {
  const names = await readdir(rules.folder).catch(() => []);
  const parts: Part[] = [];
  for (const name of names) {
    const path = join(rules.folder, name);
    if (/^[0-9a-f]{32}$/.test(name)) {
      await putPacksTogether(path, rules);
      parts.push(...(await measure(path)));
    } else if (name.includes('.trash-')) await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
  await keepBound(parts, rules);
}

/** Something that can go by itself. */
interface Part {
  readonly path: string;
  readonly isTree: boolean;
  readonly usedAt: number;
  readonly bytes: number;
}

async function measure(mirror: string): Promise<readonly Part[]> {
  const found = await lstat(mirror).catch(() => undefined);
  if (!found) return [];
  const kept = await listKept(join(mirror, 'trees'));
  const trees = kept.map(({ path, keptAt, bytes }) => ({ path, isTree: true, usedAt: keptAt, bytes }));
  return [...trees, { path: mirror, isTree: false, usedAt: found.mtimeMs, bytes: await sizeOfPacks(mirror) }];
}

/** Packs that clones have links to count for their share only. */
async function sizeOfPacks(mirror: string): Promise<number> {
  const folder = join(mirror, 'objects', 'pack');
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(names.map((name) => lstat(join(folder, name)).catch(() => undefined)));
  return files.reduce((sum, file) => sum + (file ? file.size / file.nlink : 0), 0);
}

async function keepBound(parts: readonly Part[], { maximumBytes, onRemoved }: MirrorRules): Promise<void> {
  let total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const order = parts.toSorted((a, b) => Number(b.isTree) - Number(a.isTree) || a.usedAt - b.usedAt);
  for (const { path, isTree, bytes } of order) {
    if (total <= maximumBytes) return;
    // Who borrows from it now has links of its own: nothing in use goes.
    await (isTree ? dropKept(path) : discardMirror({ path }));
    onRemoved(path);
    total -= bytes;
  }
}

/** Each clone that found something new left a pack. Those of about a size become one, large ones stay as they are. */
async function putPacksTogether(mirror: string, rules: MirrorRules): Promise<void> {
  const folder = join(mirror, 'objects', 'pack');
  const names = await readdir(folder).catch(() => []);
  if (names.filter((name) => name.endsWith('.pack')).length < mostPacks) return;
  // What a killed round left; nobody else writes packs here.
  const unfinished = names.filter((name) => /^(tmp_|\.tmp-)/.test(name));
  await Promise.all(unfinished.map((name) => rm(join(folder, name), { force: true })));
  const options = { ...rules, home: rules.folder, project: '', credentials: noCredentials, identity: nobody };
  await runGit(options, ['repack', '-d', '--geometric=2', '--quiet'], { cwd: mirror });
}

const mostPacks = 24;
const noCredentials = { find: async () => undefined };
const nobody = { name: '', email: '' };
