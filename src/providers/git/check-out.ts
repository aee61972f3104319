import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addWorkTree, readGitFolder, sealWorkTree } from './add-work-tree.ts';
import type { CloneRequest, ExpectedCheckout } from './clone.ts';
import type { GitOptions } from './git.ts';
import { fetchLargeFiles, hasLargeFiles } from './large-files.ts';
import type { ReadyTrees } from './mirror/ready-trees.ts';
import { kindOf, type TreeKind } from './mirror/tree-kind.ts';
import { shortBranchName } from './ref-name.ts';
import type { Repository } from './repository.ts';
import { resolveRevision } from './revision.ts';
import { GitError } from './run-git.ts';

export interface Checkout {
  /** How messages name it: `checkout[0] (./src)`. */
  readonly label: string;
  /** Absolute path inside the workspace; absent or an empty folder. */
  readonly path: string;
  /** At most one of the three; none = the default branch. */
  readonly branch?: string;
  readonly commit?: string;
  readonly tag?: string;
  /** Begins a branch that is missing with an empty commit, and pushes it. */
  readonly create?: boolean;
  /** Folders that alone are checked out. */
  readonly sparse?: readonly string[];
  /** Told what is not as one would expect, though the work tree is there. */
  readonly onWarning?: (text: string) => void;
  /** The commit to check out whatever the ref means by now. */
  readonly pinned?: string;
}

/** A clone that is there. */
export interface Cloned {
  readonly options: GitOptions;
  readonly repository: Repository;
  readonly request: CloneRequest;
  /** Trees of earlier promotions; absent = all are made anew. */
  readonly trees?: ReadyTrees;
}

/** Makes one work tree of a clone; returns its commit. On failure nothing of it stays. */
export async function checkOut(
  { options, repository, request, trees }: Cloned,
  checkout: Checkout,
): Promise<string> {
  const { label, path } = checkout;
  const folders = (checkout.sparse ?? []).map((folder) => checkSparseFolder(label, folder));
  const revision = await resolveRevision(repository, checkout, request);
  try {
    const tree = { path, revision, sparse: folders, ...(trees && { trees }) };
    await addWorkTree(repository, tree);
    if (request.recurseSubmodules) {
      await repository.runRemote(['submodule', 'update', '--init', '--recursive'], { cwd: path });
    }
    if (await hasLargeFiles(path, revision.sha)) {
      // What is kept for others holds nothing that was fetched for this promotion alone.
      const warning = await fetchLargeFiles(options, repository, path, folders.length > 0);
      if (warning) checkout.onWarning?.(`${label}: ${warning}`);
    } else await sealWorkTree(repository, tree);
    await writeFile(join(await readGitFolder(path), checkedOutFile), revision.sha);
    return revision.sha;
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    await repository.run(['worktree', 'prune']).catch(() => undefined);
    throw error instanceof GitError ? new Error(`${label}: ${error.message}`, { cause: error }) : error;
  }
}

/** The kind of tree a checkout will be, as far as one can know before the remote has said what is there. */
export function expectKind({ branch, commit, tag, sparse = [] }: ExpectedCheckout): readonly TreeKind[] {
  const revision = { sha: commit ?? '', ...(branch && { branch: shortBranchName(branch) }) };
  // The default branch has a name of its own, which only the remote knows.
  if (!branch && !commit && !tag) return [];
  if (sparse.some((folder) => explainSparseFolder(folder))) return [];
  return [kindOf(revision, sparse.map(plainFolder))];
}

/** The commit a work tree began with, by its Git folder. */
export async function findCheckedOut(gitFolder: string): Promise<string | undefined> {
  return readFile(join(gitFolder, checkedOutFile), 'utf8').catch(() => undefined);
}

const checkedOutFile = 'gantry-checked-out';

/** Refuses a path that holds something already: it is not ours to remove. */
export async function requireFree({ label, path }: Checkout): Promise<void> {
  const content = await readdir(path).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? [] : error,
  );
  if (!Array.isArray(content)) throw new Error(`${label}: the path exists already and is no folder`);
  if (content.length > 0)
    throw new Error(`${label}: the path exists already and is not empty; choose another one`);
}

/** One folder of the repository, without glob characters, in git's plain form. */
function checkSparseFolder(label: string, folder: string): string {
  const reason = explainSparseFolder(folder);
  if (reason) throw new Error(`${label}: sparse folder ${JSON.stringify(folder)} ${reason}`);
  return plainFolder(folder);
}

function plainFolder(folder: string): string {
  const parts = folder.split('/').filter((part) => part && part !== '.');
  return parts.join('/') || '.';
}

function explainSparseFolder(folder: string): string | undefined {
  if (folder.startsWith('/')) return 'must be relative to the root of the repository';
  if (folder.split('/').includes('..')) return 'cannot escape repository';
  if (/[*?[]/.test(folder)) return "cannot contain glob characters (*, ?, [); name folders such as 'src/app'";
  return /[\p{Cc}"\\]/u.test(folder) ? 'cannot contain quotes, backslashes or control characters' : undefined;
}
