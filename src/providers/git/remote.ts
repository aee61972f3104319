import { appendFile, mkdir, rm } from 'node:fs/promises';
import { baseBranch, type BaseRequest } from './base-branch.ts';
import type { GitOptions } from './git.ts';
import { checkRefName } from './ref-name.ts';
import { createRepository, type Repository, repositoryFolder } from './repository.ts';
import { beginBranch } from './revision.ts';
import { quoteSetting } from './script-settings.ts';

export interface RemoteRequest {
  /** Names the private folder inside the promotion; the same on every attempt. */
  readonly name: string;
  readonly repoURL: string;
  readonly insecureSkipTLSVerify?: boolean;
}

/** Branches of a repository at its host. Only what is asked for is fetched, contents of files never. */
export interface Remote {
  /** The URL as git gets it. */
  readonly url: string;
  /** What the remote's branches are now; one question to it. */
  listHeads(branches: readonly string[]): Promise<RemoteHeads>;
  /** Message and tree of the last commit of each branch, as `listHeads` saw it or newer. */
  readHeads<Branch extends string>(
    branches: readonly Branch[],
  ): Promise<Readonly<Record<Branch, RemoteHead>>>;
  /** Whether a commit is among the last hundred or so of a branch. */
  holds(branch: string, commit: string): Promise<boolean>;
  /** Begins a branch with an empty commit without history; returns its ID. Somebody else's wins. */
  begin(branch: string, date: Date): Promise<string>;
  /** Puts a branch that shares no history with a commit on top of it; returns its new head. */
  base(request: BaseRequest): Promise<string>;
}

export interface RemoteHeads {
  /** The branch that HEAD stands for. */
  readonly defaultBranch?: string;
  /** IDs of commits by branch, the default one too; those that are missing are not in it. */
  readonly commits: ReadonlyMap<string, string>;
}

export interface RemoteHead {
  readonly commit: string;
  /** ID of all its files: two branches with the same tree do not differ. */
  readonly tree: string;
  /** As git's `%B`, with one line end. */
  readonly message: string;
}

/** Opens a remote as described at `Git.openRemote`. Nothing is asked of it yet. */
export async function openRemote(options: GitOptions, request: RemoteRequest): Promise<Remote> {
  const folder = repositoryFolder(options.home, `remote ${request.name}`);
  const repository = createRepository(options, folder, {
    repoURL: request.repoURL.trim(),
    insecureSkipTLSVerify: request.insecureSkipTLSVerify ?? false,
    // Every command may have to fetch what it needs.
    blobless: true,
    identity: options.identity,
  });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let made: Promise<void> | undefined;
  const ready = (id: string) => (made ??= makeEmpty(repository, id));
  return {
    url: repository.remote.text,
    listHeads: (branches) => listHeads(repository, branches, ready),
    readHeads: (branches) => readHeads(repository, branches),
    async holds(branch, commit) {
      await fetchCommits(repository, [branch], 100);
      const list = await repository.run(['rev-list', '--max-count=1000', `refs/heads/${branch}`]);
      return list.split('\n').includes(commit);
    },
    begin: (branch, date) => beginBranch(repository, branch, { date }),
    base: (base) => baseBranch(repository, base),
  };
}

async function listHeads(
  { runRemote, remote, folder }: Repository,
  branches: readonly string[],
  ready: (id: string) => Promise<void>,
): Promise<RemoteHeads> {
  const refs = branches.map((branch) => `refs/heads/${checkRefName('branch', branch)}`);
  const text = await runRemote(['ls-remote', '--symref', '--', remote.text, 'HEAD', ...refs], {
    cwd: folder,
  });
  const found = [...text.matchAll(/^([0-9a-f]{40,64})\t(?:refs\/heads\/(.+)|HEAD)$/gm)];
  if (found[0]) await ready(found[0][1]!);
  const [, defaultBranch] = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(text) ?? [];
  const named = found.map(([, id, name = defaultBranch]) => [name ?? '', id!] as const);
  const commits = named.filter(([name]) => name === defaultBranch || branches.includes(name));
  return { ...(defaultBranch && { defaultBranch }), commits: new Map(commits) };
}

/** An empty repository that knows the remote, and that anything may be missing in it. */
async function makeEmpty({ runRemote, folder, bare, remote }: Repository, id: string): Promise<void> {
  const format = `--object-format=${id.length === 64 ? 'sha256' : 'sha1'}`;
  await runRemote(['init', '--quiet', '--bare', format, bare], { cwd: folder });
  const origin = ['[remote "origin"]', `\turl = ${quoteSetting(remote.text)}`, '\tpromisor = true'];
  await appendFile(`${bare}/config`, [...origin, '\tpartialclonefilter = blob:none', ''].join('\n'));
}

async function readHeads<Branch extends string>(repository: Repository, branches: readonly Branch[]) {
  await fetchCommits(repository, branches, 1);
  const refs = branches.map((branch) => `refs/heads/${branch}`);
  const text = await repository.run(['for-each-ref', `--format=${headFormat}`, ...refs]);
  const heads = text.split('\x01\n').filter(Boolean).map(readEntry);
  return Object.fromEntries(heads) as Readonly<Record<Branch, RemoteHead>>;
}

const headFormat = '%(refname:strip=2)%00%(objectname)%00%(tree)%00%(contents)%01';

function readEntry(entry: string): readonly [string, RemoteHead] {
  const [branch, commit, tree, message] = entry.split('\0');
  return [branch!, { commit: commit!, tree: tree!, message: `${message!.trimEnd()}\n` }];
}

/** Commits alone where the remote can do that: neither folders nor files. */
async function fetchCommits(
  { runRemote }: Repository,
  branches: readonly string[],
  depth: number,
): Promise<void> {
  const refspecs = [...new Set(branches)].map((branch) => `+refs/heads/${branch}:refs/heads/${branch}`);
  await runRemote(['fetch', '--no-tags', `--depth=${depth}`, '--filter=tree:0', 'origin', ...refspecs]);
}
