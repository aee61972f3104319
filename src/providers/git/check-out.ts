import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addWorkTree, readGitFolder, sealWorkTree } from './add-work-tree.ts';
import type { CloneRequest } from './clone.ts';
import type { GitOptions } from './git.ts';
import { fetchLargeFiles, hasLargeFiles } from './large-files.ts';
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

/** Makes one work tree of a clone; returns its commit. On failure nothing of it stays. */
export async function checkOut(
  options: GitOptions,
  repository: Repository,
  checkout: Checkout,
  request: CloneRequest,
): Promise<string> {
  const { label, path } = checkout;
  const folders = (checkout.sparse ?? []).map((folder) => checkSparseFolder(label, folder));
  const revision = await resolveRevision(repository, checkout, request);
  try {
    const keep = !request.recurseSubmodules;
    const tree = { path, revision, sparse: folders, keep };
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
  return (
    folder
      .split('/')
      .filter((part) => part && part !== '.')
      .join('/') || '.'
  );
}

function explainSparseFolder(folder: string): string | undefined {
  if (folder.startsWith('/')) return 'must be relative to the root of the repository';
  if (folder.split('/').includes('..')) return 'cannot escape repository';
  if (/[*?[]/.test(folder)) return "cannot contain glob characters (*, ?, [); name folders such as 'src/app'";
  return /[\p{Cc}"\\]/u.test(folder) ? 'cannot contain quotes, backslashes or control characters' : undefined;
}
