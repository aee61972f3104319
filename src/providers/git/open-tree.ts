import { readdir, readFile, realpath, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { dropIncludes } from './drop-includes.ts';
import type { GitOptions } from './git.ts';
import { openRepository, type Repository, type RunGit } from './repository.ts';
import type { GitCall } from './run-git.ts';

/** What works on a work tree: its repository, and where things lie. */
export interface OpenTree {
  readonly options: GitOptions;
  readonly repository: Repository;
  /** Absolute path git is run in. */
  readonly path: string;
  /** The work tree's own Git folder, with HEAD and index. */
  readonly gitFolder: string;
  readonly run: RunGit;
  readonly runRemote: RunGit;
}

/** Opens the work tree a path lies in, free of the locks a killed attempt left. `name` is what messages call it. */
export async function openTree(options: GitOptions, path: string, name: string): Promise<OpenTree> {
  const place = await realpath(path).catch(() => undefined);
  if (place === undefined) throw new Error(`${name} does not exist; a step git-clone has to make it first`);
  const gitFolder = await findGitFolder(place);
  const folder = gitFolder && (await ownRepositoryFolder(options.home, gitFolder));
  if (!folder) throw new Error(`${name} is no work tree that a git-clone step of this promotion made`);
  const bare = join(folder, 'bare');
  const files = [join(bare, 'config'), join(bare, 'config.worktree'), join(gitFolder, 'config.worktree')];
  await Promise.all(files.map(dropIncludes));
  const repository = await openRepository(options, folder);
  const tree: OpenTree = {
    options,
    repository,
    path: place,
    gitFolder,
    run: (args, call = {}) => repository.run(args, guard(place, call)),
    runRemote: (args, call = {}) => repository.runRemote(args, guard(place, call)),
  };
  await removeLocks(tree);
  return tree;
}

/** Repositories that lie among the files are not ours: nothing of their settings, filters and monitors may count. */
function guard(place: string, call: GitCall): GitCall {
  const config = ['safe.bareRepository=explicit', 'diff.ignoreSubmodules=dirty', ...(call.config ?? [])];
  return { cwd: place, ...call, config };
}

/** Git's own search, without running it: whose folder it is must be known before any of its settings count. */
async function findGitFolder(place: string): Promise<string | undefined> {
  for (let folder = place; ; folder = dirname(folder)) {
    const text = await readFile(join(folder, '.git'), 'utf8').catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? undefined : '',
    );
    if (text !== undefined)
      return text.startsWith('gitdir: ') ? resolve(folder, text.slice(8).trimEnd()) : undefined;
    if (await isBareRepository(folder)) return undefined;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Git would take such a folder for a repository, with all its settings, before it looked further up. */
async function isBareRepository(folder: string): Promise<boolean> {
  const names = new Set(await readdir(folder).catch(() => []));
  return ['HEAD', 'objects', 'refs'].every((name) => names.has(name));
}

/** `<home>/repositories/<clone>` of a Git folder `<home>/repositories/<clone>/bare/worktrees/<tree>`. */
async function ownRepositoryFolder(home: string, gitFolder: string): Promise<string | undefined> {
  const [repositories, real] = await Promise.all(
    [join(home, 'repositories'), gitFolder].map((path) => realpath(path).catch(() => undefined)),
  );
  if (!repositories || !real?.startsWith(repositories + sep)) return undefined;
  const [clone, bare, worktrees, tree, ...rest] = real.slice(repositories.length + 1).split(sep);
  if (bare !== 'bare' || worktrees !== 'worktrees' || !tree || rest.length > 0) return undefined;
  return join(repositories, clone!);
}

/** Name of the branch the work tree is on, undefined when it is on none. */
export async function findBranch({ gitFolder }: OpenTree): Promise<string | undefined> {
  return /^ref: refs\/heads\/(.+)$/m.exec(await readFile(join(gitFolder, 'HEAD'), 'utf8'))?.[1];
}

/** Locks that a killed git left: nobody else works on this promotion's files. */
async function removeLocks(tree: OpenTree): Promise<void> {
  const branch = await findBranch(tree);
  const { bare } = tree.repository;
  const ref = branch === undefined ? [] : [join(bare, 'refs/heads', `${branch}.lock`)];
  const locks = await Promise.all([tree.gitFolder, bare].map(listLocks));
  await Promise.all([...ref, ...locks.flat()].map((lock) => rm(lock, { force: true })));
}

async function listLocks(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.lock')).map((name) => join(folder, name));
}
