import { randomUUID } from 'node:crypto';
import { existsSync, type Stats } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cleanLater, isToBeCleaned, takeOverCleaning } from './cleaning.ts';
import { countEntries, parseIndex, type IndexEntry } from './index-file.ts';
import type { Mirror } from './mirror.ts';
import { restoreSeal } from './restore-seal.ts';
import { isAlike, type TreeKind } from './tree-kind.ts';

/**
 * A kept tree that nobody else can take any more. It is where it was. Its index tells what is in it, and what is not as
 * that says, `git reset --hard` finds and replaces.
 */
export interface TakenTree {
  readonly kind: TreeKind;
  /** Absolute path of the files. */
  readonly files: string;
  /** Absolute path of the index. */
  readonly index: string;
  readonly entries: ReadonlyMap<string, IndexEntry>;
  /** Deletes what is left of it. */
  drop(): Promise<void>;
}

/**
 * Puts the index of a tree that git has just written aside, out of the sight of steps: later it tells what they did to the
 * files. Returns the folder for `keepTree`; undefined for a tree that is not worth it.
 */
export async function sealTree(
  { trees, smallestTree }: Mirror,
  index: string,
  kind: TreeKind,
): Promise<string | undefined> {
  const bytes = await readFile(index);
  if (countEntries(bytes) < smallestTree) return undefined;
  if (kind.sparse.length > 0 && countPresent(bytes, kind) < smallestTree) return undefined;
  const seal = join(trees, randomUUID());
  await mkdir(seal, { recursive: true, mode: 0o700 });
  await writeFile(join(seal, 'index'), bytes, { mode: 0o600 });
  await writeFile(join(seal, 'kind.json'), JSON.stringify(kind), { mode: 0o600 });
  return seal;
}

/**
 * Moves the files of a sealed tree beside its seal. All that steps did to them is removed afterwards, until the promise
 * in the answer settles, or by who takes the tree before. What does not work out is deleted.
 */
export async function keepTree(seal: string, files: string): Promise<{ readonly cleaned: Promise<void> }> {
  try {
    await rename(files, join(seal, uncleanName));
  } catch {
    await rm(seal, { recursive: true, force: true }).catch(() => undefined);
    return { cleaned: Promise.resolve() };
  }
  const clean = () => cleanTree(seal).catch(() => rm(seal, removal));
  return { cleaned: cleanLater(seal, clean) };
}

async function cleanTree(seal: string): Promise<void> {
  const unclean = join(seal, uncleanName);
  const entries = await readSeal(seal);
  await restoreSeal(unclean, entries);
  await noteBytes(seal, entries);
  await rename(unclean, join(seal, cleanName));
}

async function noteBytes(seal: string, entries: ReadonlyMap<string, IndexEntry>): Promise<void> {
  const bytes = [...entries.values()].reduce((sum, { size, absent }) => sum + (absent ? 0 : size), 0);
  await writeFile(join(seal, 'bytes'), String(bytes), { mode: 0o600 });
}

/** Takes the kept tree that is nearest to what is wanted. */
export async function takeTree({ trees }: Mirror, wanted: TreeKind): Promise<TakenTree | undefined> {
  for (const { name, kind } of await listFitting(trees, wanted)) {
    await takeOverCleaning(join(trees, name));
    const taken = join(trees, `${randomUUID()}${takenSuffix}`);
    try {
      await rename(join(trees, name), taken);
    } catch {
      // Somebody else was faster.
      continue;
    }
    const tree = await openTaken(taken, kind);
    if (tree) return tree;
  }
  return undefined;
}

/** Lets others have a tree that was taken in vain. */
export async function giveBack({ trees }: Mirror, tree: TakenTree | undefined): Promise<void> {
  if (!tree) return;
  const { files, entries } = tree;
  try {
    await restoreSeal(files, entries);
    await noteBytes(dirname(files), entries);
    await rename(dirname(files), join(trees, randomUUID()));
  } catch {
    await tree.drop().catch(() => undefined);
  }
}

/** A tree that waits to be taken. */
export interface KeptTree {
  /** Absolute path. */
  readonly path: string;
  /** In milliseconds, as all times here. */
  readonly keptAt: number;
  readonly bytes: number;
}

/** Trees that wait to be taken; what crashes left is deleted. */
export async function listKept(trees: string): Promise<readonly KeptTree[]> {
  const names = await readdir(trees).catch(() => []);
  const found = await Promise.all(names.map((name) => findKept(join(trees, name))));
  return found.filter((tree) => tree !== undefined);
}

/** Deletes a tree that waits to be taken. */
export async function dropKept(path: string): Promise<void> {
  const taken = `${path}${takenSuffix}`;
  await rename(path, taken).catch(() => undefined);
  await rm(taken, removal);
}

async function findKept(path: string): Promise<KeptTree | undefined> {
  const [own, files] = await Promise.all(
    [path, join(path, cleanName)].map((place) => lstat(place).catch(() => undefined)),
  );
  if (!own) return undefined;
  if (!files || path.endsWith(takenSuffix)) {
    const isUnclean = !isToBeCleaned(path) && existsSync(join(path, uncleanName));
    if (isUnclean || Date.now() - own.ctimeMs > staleAfter) await rm(path, removal);
    return undefined;
  }
  const bytes = Number(await readFile(join(path, 'bytes'), 'utf8').catch(() => '0'));
  return { path, keptAt: own.mtimeMs, bytes };
}

async function openTaken(taken: string, kind: TreeKind): Promise<TakenTree | undefined> {
  const drop = () => rm(taken, removal);
  try {
    const [files, index] = [join(taken, cleanName), join(taken, 'index')];
    await rename(join(taken, uncleanName), files).catch(() => undefined);
    const entries = await readSeal(taken);
    await restoreSeal(files, entries, await beforeSteps(index));
    return { kind, files, index, entries, drop };
  } catch {
    await drop().catch(() => undefined);
    return undefined;
  }
}

/**
 * Nanoseconds since the epoch: what git wrote earlier, no step can have changed in the same second. Steps came after the
 * index was put aside, and the clock of a file system may lag behind by some milliseconds from one file to the next.
 */
async function beforeSteps(index: string): Promise<bigint> {
  const { ctimeNs } = await lstat(index, { bigint: true });
  return ctimeNs - (ctimeNs % second) - second;
}

const second = 1_000_000_000n;

/** Puts the index of a taken tree where git looks for it, and says where. */
export async function installIndex({ index }: TakenTree, gitFolder: string): Promise<string> {
  const place = join(gitFolder, 'index');
  await copyFile(index, place);
  return place;
}

async function readSeal(seal: string): Promise<ReadonlyMap<string, IndexEntry>> {
  const kind = await readKind(seal);
  const entries = entriesOf(await readFile(join(seal, 'index')), kind);
  if (!entries) throw new Error('its index cannot be read');
  // Of submodules the index knows too little.
  const hasSubmodules = [...entries.values()].some(({ kind }) => kind === 'submodule');
  if (hasSubmodules) throw new Error('it has submodules');
  return entries;
}

async function readKind(seal: string): Promise<TreeKind> {
  return JSON.parse(await readFile(join(seal, 'kind.json'), 'utf8')) as TreeKind;
}

function countPresent(index: Buffer, kind: TreeKind): number {
  return [...(entriesOf(index, kind)?.values() ?? [])].filter(({ absent }) => !absent).length;
}

function entriesOf(index: Buffer, { sha }: TreeKind): ReadonlyMap<string, IndexEntry> | undefined {
  return parseIndex(index, sha.length === 64 ? 32 : 20);
}

/** Those of the same ref and the same sparse folders; the very commit first, then the newest. */
async function listFitting(
  trees: string,
  wanted: TreeKind,
): Promise<readonly { name: string; kind: TreeKind; keptAt: number }[]> {
  const names = (await readdir(trees).catch(() => [])).filter((name) => !name.endsWith(takenSuffix));
  const found = await Promise.all(
    names.map(async (name) => {
      const kept = await findFiles(join(trees, name));
      const kind = kept && (await readKind(join(trees, name)).catch(() => undefined));
      return kind ? [{ name, kind, keptAt: kept.ctimeMs }] : [];
    }),
  );
  const fits = found.flat().filter(({ kind }) => isAlike(kind, wanted));
  const isOfCommit = ({ kind }: { kind: TreeKind }) => Number(kind.sha === wanted.sha);
  return fits.toSorted((a, b) => isOfCommit(b) - isOfCommit(a) || b.keptAt - a.keptAt);
}

async function findFiles(seal: string): Promise<Stats | undefined> {
  const places = [...(isToBeCleaned(seal) ? [uncleanName] : []), cleanName];
  for (const place of places) {
    const found = await lstat(join(seal, place)).catch(() => undefined);
    if (found) return found;
  }
  return undefined;
}

/** Names of a tree's files in the folder of its seal. */
const uncleanName = 'unclean';
const cleanName = 'files';
const removal = { recursive: true, force: true, maxRetries: 3 } as const;
const takenSuffix = '.taken';
/** Milliseconds. Longer than any checkout; a promotion that waits longer than this has its tree made anew next time. */
const staleAfter = 24 * 3_600_000;
