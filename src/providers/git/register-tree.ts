import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readBranch } from './read-ref.ts';
import type { Repository } from './repository.ts';
import type { Revision } from './revision.ts';

/**
 * Makes a path a work tree of the repository, without an index, by the layout gitrepository-layout(5) describes: `git worktree
 * add` starts three processes for it. Rejects a branch that another work tree is on.
 */
export async function registerTree(
  repository: Repository,
  path: string,
  { sha, branch }: Revision,
  makeFolder: () => Promise<unknown> = () => mkdir(path, { recursive: true }),
): Promise<void> {
  const { bare, run } = repository;
  if (branch !== undefined) {
    await requireNotCheckedOut(bare, branch);
    const ref = `refs/heads/${branch}`;
    if ((await readBranch(bare, ref)) !== sha) await run(['update-ref', '--no-deref', ref, sha]);
  }
  await makeFolder();
  const gitFolder = await makeGitFolder(bare, path);
  const head = branch === undefined ? sha : `ref: refs/heads/${branch}`;
  await Promise.all([
    writeFile(join(gitFolder, 'commondir'), '../..\n'),
    writeFile(join(gitFolder, 'gitdir'), `${join(path, '.git')}\n`),
    writeFile(join(gitFolder, 'HEAD'), `${head}\n`),
    writeFile(join(path, '.git'), `gitdir: ${gitFolder}\n`),
  ]);
}

async function requireNotCheckedOut(bare: string, branch: string): Promise<void> {
  const trees = await readdir(join(bare, 'worktrees')).catch(() => []);
  for (const tree of trees) {
    const folder = join(bare, 'worktrees', tree);
    const head = await readFile(join(folder, 'HEAD'), 'utf8').catch(() => '');
    if (head.trimEnd() !== `ref: refs/heads/${branch}`) continue;
    throw new Error(
      `branch ${JSON.stringify(branch)} is already checked out by an earlier checkout; name a commit`,
    );
  }
}

/** A folder of its own, named after the path. */
async function makeGitFolder(bare: string, path: string): Promise<string> {
  const name = basename(path).replace(/[^\w-]+/g, '_') || 'tree';
  await mkdir(join(bare, 'worktrees'), { recursive: true });
  for (let count = 0; ; count++) {
    const folder = join(bare, 'worktrees', count === 0 ? name : `${name}${count}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
