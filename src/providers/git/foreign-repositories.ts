import { existsSync } from 'node:fs';
import { lstat, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { readGitFolder } from './add-work-tree.ts';
import { findCheckedOut } from './check-out.ts';
import { listWorkTrees } from './clone.ts';
import { findIndexed } from './mirror/index-file.ts';
import type { OpenTree } from './open-tree.ts';

/**
 * Stages everything below the path of a tree but other checkouts of the promotion that lie in it. What it would take
 * git to look into with settings that are not ours, a repository among the files that `git-clone` did not bring, stays
 * as it was staged before.
 */
export async function stageAll(tree: OpenTree): Promise<void> {
  const others = [...(await listForeign(tree)), ...(await listCheckouts(tree))];
  await tree.run(['add', '--', '.', ...others.map((path) => `:(exclude,literal)${path}`)]);
}

async function listCheckouts({ path, options }: OpenTree): Promise<readonly string[]> {
  const repositories = join(options.home, 'repositories');
  const clones = await readdir(repositories);
  const trees = await Promise.all(clones.map((clone) => listWorkTrees(join(repositories, clone))));
  return trees
    .flat()
    .filter((tree) => tree.startsWith(path + sep) && existsSync(join(tree, '.git')))
    .map((tree) => tree.slice(path.length + 1));
}

/** Removes such repositories that are staged below the path of a tree, from the index and from the disk. */
export async function removeForeign(tree: OpenTree): Promise<void> {
  const foreign = await listForeign(tree);
  if (foreign.length === 0) return;
  const paths = foreign.map((link) => `:(literal)${link}`);
  await tree.run(['rm', '-r', '--cached', '--force', '--quiet', '--', ...paths]);
  for (const link of foreign) {
    const folder = join(tree.path, link);
    // Not through a link that took the place of a folder.
    if ((await realpath(dirname(folder))) === dirname(folder)) await rm(folder, { recursive: true });
  }
}

async function listForeign(tree: OpenTree): Promise<readonly string[]> {
  const links = (await readLinks(tree)) ?? (await askForLinks(tree));
  const foreign = await Promise.all(links.map((link) => isForeign(tree, join(tree.path, link))));
  return links.filter((_, index) => foreign[index]);
}

/** What is staged as a commit of another repository, below the path of the tree. Undefined where git itself has to be asked. */
async function readLinks({ gitFolder, path }: OpenTree): Promise<readonly string[] | undefined> {
  const sha = await findCheckedOut(gitFolder);
  const bytes = await readFile(join(gitFolder, 'index')).catch(() => undefined);
  if (sha === undefined || !bytes) return undefined;
  // Most repositories are done with here, however many files they have.
  if (!bytes.includes(linkMode)) return [];
  const links = findIndexed(bytes, sha.length === 64 ? 32 : 20, (kind) => kind === 'submodule');
  if (!links?.length) return links;
  const inside = links.map((link) => relative(path, join(findRoot(path), link)));
  return inside.filter((link) => link !== '' && !link.startsWith(`..${sep}`));
}

/** As an index has the mode of such an entry, 160000. */
const linkMode = Buffer.from([0, 0, 0xe0, 0]);

/** Of the work tree; a path was opened only if it has one. */
function findRoot(path: string): string {
  return existsSync(join(path, '.git')) ? path : findRoot(dirname(path));
}

async function askForLinks(tree: OpenTree): Promise<readonly string[]> {
  const staged = await tree.run(['ls-files', '--stage', '-z', '--', '.']);
  return staged
    .split('\0')
    .filter((line) => line.startsWith('160000 '))
    .map((line) => line.slice(line.indexOf('\t') + 1));
}

/** Repositories of submodules that git-clone brought lie in the Git folder of the work tree. */
async function isForeign({ gitFolder }: OpenTree, folder: string): Promise<boolean> {
  const found = await lstat(join(folder, '.git')).catch(() => undefined);
  if (!found?.isFile()) return found !== undefined;
  const target = await realpath(resolve(folder, await readGitFolder(folder))).catch(() => '');
  return !target.startsWith(join(await realpath(gitFolder), 'modules') + sep);
}
