import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type IndexEntry, parseIndex } from './mirror/index-file.ts';
import { installIndex, sealTree, type TakenTree } from './mirror/kept-trees.ts';
import type { ReadyTrees } from './mirror/ready-trees.ts';
import { noteSealed } from './mirror/salvage.ts';
import { kindOf } from './mirror/tree-kind.ts';
import { registerTree } from './register-tree.ts';
import type { Repository } from './repository.ts';
import type { Revision } from './revision.ts';
import { GitError } from './run-git.ts';

/** A work tree to be made: where, of what, and which folders alone. */
export interface TreeRequest {
  /** Absolute path; absent or an empty folder. */
  readonly path: string;
  readonly revision: Revision;
  readonly sparse: readonly string[];
  /** Trees of earlier promotions; absent = it is made anew, and no later one gets it. */
  readonly trees?: ReadyTrees;
}

/**
 * Makes a work tree with its files: from the clean tree of an earlier promotion by writing only what differs, or anew.
 * Nobody can tell which from what is in it.
 */
export async function addWorkTree(repository: Repository, request: TreeRequest): Promise<void> {
  const taken = await takeKept(request);
  if (taken && (await adopt(repository, request, taken))) return;
  await addTree(repository, request);
  await writeFiles(repository, request.path);
}

/** Lets a later promotion have the tree, when this one is done with it. Goes without it when anything is in the way. */
export async function sealWorkTree(
  { mirror, folder }: Repository,
  { path, revision, sparse, trees }: TreeRequest,
): Promise<void> {
  if (!mirror || !trees) return;
  try {
    const index = join(await readGitFolder(path), 'index');
    const seal = await sealTree(mirror, index, kindOf(revision, sparse));
    if (seal) await noteSealed(folder, { path, seal });
  } catch {
    // Then the next promotion writes its files itself.
  }
}

/** The folder the `.git` file of a work tree points to. */
export async function readGitFolder(path: string): Promise<string> {
  return (await readFile(join(path, '.git'), 'utf8')).replace(/^gitdir: /, '').trimEnd();
}

/** Folders narrow the tree before its files are written, not after. `makeFolder` brings what is there already. */
async function addTree(
  repository: Repository,
  { path, revision, sparse }: TreeRequest,
  makeFolder?: () => Promise<void>,
): Promise<void> {
  await registerTree(repository, path, revision, makeFolder);
  if (sparse.length === 0) return;
  const input = `${sparse.join('\n')}\n`;
  await repository.run(['sparse-checkout', 'set', '--cone', '--stdin'], { cwd: path, input });
}

/** Brings the files to the commit. Disks take several at a time; git counts itself whether there are enough to share out. */
async function writeFiles({ run }: Repository, path: string): Promise<void> {
  const config = ['checkout.workers=4', 'core.trustCTime=true', 'core.checkStat=default'];
  await run(['reset', '--hard'], { cwd: path, config });
}

async function takeKept({ path, revision, sparse, trees }: TreeRequest): Promise<TakenTree | undefined> {
  // A folder that is there already, as the root of the workspace is, cannot be replaced.
  return existsSync(path) ? undefined : trees?.take(kindOf(revision, sparse));
}

/** Moves a kept tree to its place and to its commit. False, with nothing left, when that cannot be done without doubt. */
async function adopt(repository: Repository, request: TreeRequest, taken: TakenTree): Promise<boolean> {
  const { path, revision } = request;
  try {
    await mkdir(dirname(path), { recursive: true });
    await addTree(repository, request, () => rename(taken.files, path));
    const index = await installIndex(taken, await readGitFolder(path));
    await writeFiles(repository, path);
    await checkAttributes(taken.entries, index, revision.sha);
    return true;
  } catch (error) {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    await repository.run(['worktree', 'prune', '--expire=now']);
    if (!(error instanceof GitError) && !isAboutKept(error)) throw error;
    return false;
  } finally {
    await taken.drop();
  }
}

/** Attributes decide how contents become files. When they change, git rewrites only files whose contents do. */
async function checkAttributes(
  before: ReadonlyMap<string, IndexEntry>,
  index: string,
  sha: string,
): Promise<void> {
  const bytes = await readFile(index);
  // Most repositories are done with here, however many files they have.
  const after = bytes.includes(attributesFile) ? parseIndex(bytes, sha.length === 64 ? 32 : 20) : noEntries;
  if (!after || attributesOf(before) !== attributesOf(after)) throw new KeptTreeError('other attributes');
}

const attributesFile = '.gitattributes';
const noEntries: ReadonlyMap<string, IndexEntry> = new Map();

function attributesOf(entries: ReadonlyMap<string, IndexEntry>): string {
  const found = [...entries].filter(([path]) => basename(path) === attributesFile);
  return found.map(([path, { id }]) => `${path} ${id}`).join('\n');
}

/** The kept tree does not do. */
class KeptTreeError extends Error {}

function isAboutKept(error: unknown): boolean {
  return error instanceof KeptTreeError || (error instanceof Error && 'syscall' in error);
}
