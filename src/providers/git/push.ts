import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beginPush } from './begin-push.ts';
import { findCheckedOut } from './check-out.ts';
import { explainPush, isOvertaken } from './explain-push.ts';
import { fetchBranch, holds, integrate } from './integrate.ts';
import { pushLargeFiles } from './large-files.ts';
import type { OpenTree } from './open-tree.ts';
import { readSha } from './read-sha.ts';
import { displayURL } from './remote-url.ts';
import { retagRewritten } from './retag.ts';
import { findRewritten, type Rewritten } from './rewritten.ts';
import { GitError } from './run-git.ts';

export interface PushRequest {
  /** Branch of the remote; default the one that is checked out. */
  readonly target?: string;
  /** Overwrites what the remote has at that moment, without taking its commits in. */
  readonly force: boolean;
  /** How often at most commits of others are taken in before giving up. */
  readonly maxAttempts: number;
  /** Date of commits that are made anew on top of the remote's. */
  readonly date: Date;
  /** Milliseconds before the second attempt; each later one waits half as long again. Default 1000. */
  readonly firstDelay?: number;
}

export interface Pushed {
  readonly branch?: string;
  /** ID of HEAD afterwards. */
  readonly sha: string;
  /** New IDs of commits that had to be made anew, by the old ones. */
  readonly rewritten: Rewritten;
}

/**
 * Pushes HEAD to a branch. Only when the remote refuses because it has moved are its commits taken in and the push
 * tried again; a remote that holds HEAD already is left as it is. Tags on commits that were made anew go along.
 */
export async function pushCommits(tree: OpenTree, request: PushRequest): Promise<Pushed> {
  const { branch, inTurn } = await beginPush(tree, request.target);
  const { signal } = tree.options;
  const first = await findFirst(tree, branch, request.date);
  for (let attempt = 1; ; attempt++) {
    const refused = await inTurn(() => tryToPush(tree, branch, request, first));
    if (!refused) return finish(tree, branch, first);
    if (attempt >= request.maxAttempts) throw explainRefusal(tree, branch, refused, attempt);
    await pause(pushDelay(attempt, request.firstDelay), signal);
  }
}

async function finish(tree: OpenTree, branch: string, first: First): Promise<Pushed> {
  const sha = await readSha(tree);
  const rewritten = await findRewritten(tree, first.head, sha);
  await retagRewritten(tree, rewritten);
  return { branch, sha, rewritten };
}

/** Milliseconds before the next attempt: half as long again each time, up to half more by chance, at most 30 s. */
export function pushDelay(attempt: number, first = 1000, chance = Math.random()): number {
  return Math.min(30_000, first * 1.5 ** (attempt - 1) * (1 + chance / 2));
}

/** HEAD as the first attempt of this step found it: a later one may find it moved, and has to tell the same. */
async function findFirst(tree: OpenTree, branch: string, date: Date): Promise<First> {
  const file = join(tree.gitFolder, 'gantry-push');
  const step = `${branch} ${date.toISOString()} `;
  const noted = await readFile(file, 'utf8').catch(() => '');
  if (noted.startsWith(step)) return { head: noted.slice(step.length), isNow: false };
  const head = await readSha(tree);
  await writeFile(`${file}.new`, step + head);
  await rename(`${file}.new`, file);
  return { head, isNow: true };
}

interface First {
  readonly head: string;
  /** This is the first attempt. */
  readonly isNow: boolean;
}

/** Undefined when the push went through, else the refusal of a remote that has moved. */
async function tryToPush(
  tree: OpenTree,
  branch: string,
  { force, date }: PushRequest,
  first: First,
): Promise<GitError | undefined> {
  const refused = await findRefusal(tree, branch);
  if (!refused) return undefined;
  if (force) return overwrite(tree, branch, first);
  const policy = tree.options.integration ?? 'AlwaysRebase';
  if (policy === 'None') return refused;
  const isThere = await integrate(tree, branch, policy, date);
  return isThere ? undefined : findRefusal(tree, branch);
}

/** Overwrites what was seen there, and nothing that came after. What an earlier attempt of ours brought is left. */
async function overwrite(tree: OpenTree, branch: string, { isNow }: First): Promise<GitError | undefined> {
  const theirs = await fetchBranch(tree, branch);
  if (!isNow && (await holds(tree, theirs, await readSha(tree)))) return undefined;
  return findRefusal(tree, branch, theirs);
}

/** Undefined when the push went through; the refusal when it may go through after the remote's commits are taken in. */
async function findRefusal(tree: OpenTree, branch: string, lease?: string): Promise<GitError | undefined> {
  const ref = `refs/heads/${branch}`;
  try {
    await pushLargeFiles(tree, await findCheckedOut(tree.gitFolder));
    const options = ['--porcelain', ...(lease ? [`--force-with-lease=${ref}:${lease}`] : [])];
    await tree.runRemote(['push', ...options, 'origin', `HEAD:${ref}`]);
    return undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (isOvertaken(error.message)) return error;
    throw explainPush(`branch ${branch} of ${displayURL(tree.repository.remote.text)}`, error);
  }
}

function explainRefusal(tree: OpenTree, branch: string, error: GitError, attempts: number): Error {
  const where = `branch ${branch} of ${displayURL(tree.repository.remote.text)}`;
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  return new Error(
    `${where} moved on while it was pushed to, tried ${times}; raise maxAttempts\n${error.message}`,
    {
      cause: error,
    },
  );
}

/** Waits, at most until the signal aborts: then it rejects with its reason. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}
