import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkout } from './check-out.ts';
import type { CloneRequest } from './clone.ts';
import { checkRefName, isCommitName, shortBranchName } from './ref-name.ts';
import { displayURL } from './remote-url.ts';
import { findCommit, type Repository, signature } from './repository.ts';
import { GitError, isGitError } from './run-git.ts';
import { findSigningKeys, signingConfig } from './signing.ts';

/** What a ref came to: the commit, and the branch when the work tree is to be on one. */
export interface Revision {
  readonly sha: string;
  readonly branch?: string;
}

/** The commit a checkout asks for, made first where it may be. Says what to do when it does not exist. */
export async function resolveRevision(
  repository: Repository,
  checkout: Checkout,
  request: CloneRequest,
): Promise<Revision> {
  const { branch, tag, commit, pinned } = checkout;
  if (pinned) {
    const name = branch ?? (commit || tag ? undefined : await readDefaultBranch(repository));
    return { sha: await fetchPinned(repository, checkout, pinned, request), ...(name && { branch: name }) };
  }
  if (branch) return resolveBranch(repository, checkout, branch, request);
  if (tag) return { sha: await resolveTag(repository, checkout, tag) };
  if (commit) return { sha: await resolveCommit(repository, checkout, commit) };
  return resolveDefault(repository, checkout);
}

async function resolveBranch(
  repository: Repository,
  { label, create }: Checkout,
  branch: string,
  request: CloneRequest,
): Promise<Revision> {
  const name = shortBranchName(branch);
  checkRefName('branch', name);
  const sha = await findCommit(repository, `refs/heads/${name}`);
  if (sha) return { sha, branch: name };
  if (create) return { sha: await beginBranch(repository, name, request), branch: name };
  throw new Error(
    `${label}: branch ${JSON.stringify(name)} does not exist in ${displayURL(repository.remote.text)}; correct the name, or set create: true to begin it empty`,
  );
}

/** Begins a branch at the remote with a commit without history: an empty tree, the same on every attempt. */
export async function beginBranch(
  repository: Repository,
  name: string,
  { date }: Pick<CloneRequest, 'date'>,
): Promise<string> {
  const { run, runRemote, record, folder } = repository;
  const { clone: key } = await findSigningKeys(folder);
  const tree = (await run(['hash-object', '-w', '-t', 'tree', '/dev/null'])).trim();
  const env = signature(record.identity, date);
  const config = signingConfig(folder, key);
  // This command alone does not heed commit.gpgSign.
  const sign = key === undefined ? [] : ['-S'];
  const sha = (await run(['commit-tree', ...sign, '-m', 'Initial commit', tree], { env, config })).trim();
  try {
    await runRemote(['push', '--porcelain', 'origin', `${sha}:refs/heads/${name}`]);
    return sha;
  } catch (error) {
    if (
      !(error instanceof GitError) ||
      !/\[rejected\]|\[remote rejected\].*(exists|lock|update ref)/.test(error.message)
    ) {
      throw error;
    }
    // Somebody else began it in the meantime: theirs counts.
    await runRemote(['fetch', 'origin', `+refs/heads/${name}:refs/heads/${name}`]);
    return (await findCommit(repository, `refs/heads/${name}`)) ?? sha;
  }
}

async function resolveTag(repository: Repository, { label }: Checkout, tag: string): Promise<string> {
  const name = checkRefName('tag', tag.replace(/^refs\/tags\//, ''));
  // Kargo hands the name to git as it is, so a branch passes for a tag there.
  const sha =
    (await findCommit(repository, `refs/tags/${name}`)) ??
    (await findCommit(repository, `refs/heads/${name}`));
  if (sha) return sha;
  throw new Error(
    `${label}: tag ${JSON.stringify(name)} does not exist in ${displayURL(repository.remote.text)}`,
  );
}

async function resolveCommit(repository: Repository, { label }: Checkout, commit: string): Promise<string> {
  const url = displayURL(repository.remote.text);
  if (!isCommitName(commit)) throw new Error(`${label}: ${JSON.stringify(commit)} cannot name a commit`);
  const sha = (await findOffered(repository, commit)) ?? (await fetchCommit(repository, commit));
  if (sha) return sha;
  throw new Error(`${label}: commit ${JSON.stringify(commit)} does not exist in ${url}`);
}

async function resolveDefault(repository: Repository, { label }: Checkout): Promise<Revision> {
  const branch = await readDefaultBranch(repository);
  const sha = await findCommit(repository, branch === undefined ? 'HEAD' : `refs/heads/${branch}`);
  if (sha) return { sha, ...(branch !== undefined && { branch }) };
  throw new Error(
    `${label}: ${displayURL(repository.remote.text)} has no default branch with commits; name a branch, with create: true if it is new`,
  );
}

async function readDefaultBranch({ bare }: Repository): Promise<string | undefined> {
  return /^ref: refs\/heads\/(.+)$/m.exec(await readFile(join(bare, 'HEAD'), 'utf8'))?.[1];
}

async function fetchPinned(
  repository: Repository,
  { label, create, branch }: Checkout,
  sha: string,
  request: CloneRequest,
): Promise<string> {
  const found = (await findOffered(repository, sha)) ?? (await fetchCommit(repository, sha));
  if (found) return found;
  if (create && branch && (await beginBranch(repository, branch, request)) === sha) return sha;
  throw new Error(
    `${label}: commit ${sha}, with which this promotion began, is gone from ${displayURL(repository.remote.text)}; start a new promotion`,
  );
}

/** A commit of the remote's branches and tags. A mirror has others, too: what it had before a branch was overwritten. */
async function findOffered(repository: Repository, name: string): Promise<string | undefined> {
  const refs = await readPackedRefs(repository);
  // Heads are commits, and there: no process has to say so.
  if (isFullId.test(name) && refs.includes(`\n${name} refs/heads/`)) return name;
  const sha = await findCommit(repository, name);
  if (!sha || !repository.mirror || refs.includes(sha)) return sha;
  const holder = await repository.run(['for-each-ref', '--count=1', `--contains=${sha}`]);
  return holder.trim() ? sha : undefined;
}

/** Each on a line of its own, none of them the first. */
async function readPackedRefs({ bare }: Repository): Promise<string> {
  return `\n${await readFile(join(bare, 'packed-refs'), 'utf8').catch(() => '')}`;
}

/** A commit outside all branches and tags, or beyond the depth: most servers give it when asked by its full ID. */
async function fetchCommit(repository: Repository, sha: string): Promise<string | undefined> {
  if (!isFullId.test(sha)) return undefined;
  try {
    if (repository.mirror) await askFor(repository, sha);
    await repository.runRemote(['fetch', '--no-tags', 'origin', sha]);
  } catch (error) {
    if (isGitError(error)) return undefined;
    throw error;
  }
  return findCommit(repository, sha);
}

/** Git does not ask a server for what it finds here, and what is here may be the mirror's. An empty repository has to ask. */
async function askFor({ runRemote, folder, remote }: Repository, sha: string): Promise<void> {
  const empty = join(folder, 'empty');
  await rm(empty, { recursive: true, force: true });
  await runRemote(
    ['init', '--quiet', '--bare', `--object-format=${sha.length === 64 ? 'sha256' : 'sha1'}`, empty],
    {
      cwd: folder,
    },
  );
  await runRemote(['fetch', '--no-tags', '--depth=1', '--filter=blob:none', '--', remote.text, sha], {
    cwd: empty,
  });
  await rm(empty, { recursive: true, force: true });
}

const isFullId = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
