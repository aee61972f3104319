import { readFile, realpath, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { commitChanges, type Commit, type CommitRequest } from './commit.ts';
import type { GitOptions } from './git.ts';
import { type Pushed, pushCommits, pushTag, type PushRequest } from './push.ts';
import type { RemoteURL } from './remote-url.ts';
import { openRepository, type Repository } from './repository.ts';
import type { GitCall } from './run-git.ts';

/** A work tree that `Git.clone` made, entered at the path it was opened with. */
export interface WorkTree {
  readonly remote: RemoteURL;
  /** Removes every file that is tracked or would be, below the path. Ignored files stay. */
  clear(): Promise<void>;
  /** Stages everything below the path and commits it. */
  commit(request: CommitRequest): Promise<Commit>;
  push(request: PushRequest): Promise<Pushed>;
  pushTag(tag: string): Promise<Pushed>;
}

/** What works on a work tree: its repository, and where things lie. */
export interface OpenTree {
  readonly options: GitOptions;
  readonly repository: Repository;
  /** Absolute path git is run in. */
  readonly path: string;
  /** The work tree's own Git folder, with HEAD and index. */
  readonly gitFolder: string;
  run(args: readonly string[], call?: GitCall): Promise<string>;
  runRemote(args: readonly string[], call?: GitCall): Promise<string>;
}

/** Opens the work tree a path lies in; `name` is what messages call it. */
export async function openWorkTree(options: GitOptions, path: string, name: string): Promise<WorkTree> {
  const tree = await openTree(options, path, name);
  await removeLocks(tree);
  return {
    remote: tree.repository.remote,
    async clear() {
      await tree.run(['add', '--verbose', '.']);
      await tree.run(['rm', '-r', '--force', '--ignore-unmatch', '.']);
    },
    commit: (request) => commitChanges(tree, request),
    push: (request) => pushCommits(tree, request),
    pushTag: (tag) => pushTag(tree, tag),
  };
}

/** Name of the branch the work tree is on, undefined when it is on none. */
export async function findBranch({ gitFolder }: OpenTree): Promise<string | undefined> {
  return /^ref: refs\/heads\/(.+)$/m.exec(await readFile(join(gitFolder, 'HEAD'), 'utf8'))?.[1];
}

async function openTree(options: GitOptions, path: string, name: string): Promise<OpenTree> {
  const place = await realpath(path).catch(() => undefined);
  if (place === undefined) throw new Error(`${name} does not exist; a step git-clone has to make it first`);
  const gitFolder = await findGitFolder(place);
  const folder = gitFolder && (await ownRepositoryFolder(options.home, gitFolder));
  if (!folder) throw new Error(`${name} is no work tree that a git-clone step of this promotion made`);
  const repository = await openRepository(options, folder);
  return {
    options,
    repository,
    path: place,
    gitFolder,
    run: (args, call) => repository.run(args, { cwd: place, ...call }),
    runRemote: (args, call) => repository.runRemote(args, { cwd: place, ...call }),
  };
}

/** Git's own search, without running it: whose folder it is must be known before any of its settings count. */
async function findGitFolder(place: string): Promise<string | undefined> {
  for (let folder = place; ; folder = dirname(folder)) {
    const text = await readFile(join(folder, '.git'), 'utf8').catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? undefined : '',
    );
    if (text !== undefined)
      return text.startsWith('gitdir: ') ? resolve(folder, text.slice(8).trimEnd()) : undefined;
    if (dirname(folder) === folder) return undefined;
  }
}

/** `<home>/repositories/<clone>` of a Git folder `<home>/repositories/<clone>/bare/worktrees/<tree>`. */
async function ownRepositoryFolder(home: string, gitFolder: string): Promise<string | undefined> {
  const repositories = await realpath(join(home, 'repositories')).catch(() => undefined);
  const real = await realpath(gitFolder).catch(() => undefined);
  if (!repositories || !real?.startsWith(repositories + sep)) return undefined;
  const [clone, bare, worktrees, tree, ...rest] = real.slice(repositories.length + 1).split(sep);
  if (bare !== 'bare' || worktrees !== 'worktrees' || !tree || rest.length > 0) return undefined;
  return join(repositories, clone!);
}

/** Locks that a killed git left: nobody else works on this promotion's files. */
async function removeLocks(tree: OpenTree): Promise<void> {
  const branch = await findBranch(tree);
  const locks = ['index.lock', 'HEAD.lock'].map((name) => join(tree.gitFolder, name));
  const common = branch === undefined ? [] : [join(tree.repository.bare, 'refs/heads', `${branch}.lock`)];
  for (const lock of [...locks, ...common]) await rm(lock, { force: true });
}
