import { TerminalError } from '../../core/errors.ts';
import type { HostedCommits } from '../git-hosts/git-host.ts';
import { beginPush } from './begin-push.ts';
import { findCheckedOut } from './check-out.ts';
import { explainPush } from './explain-push.ts';
import { findMergeBase, integrate } from './integrate.ts';
import { findBranch, type OpenTree } from './open-tree.ts';
import { pause, pushDelay, type Pushed } from './push.ts';
import { readSha } from './read-sha.ts';
import { displayURL } from './remote-url.ts';
import { listReplayable, type ReplayedCommit } from './replayed-commit.ts';
import { findRewritten, type Rewritten } from './rewritten.ts';
import { GitError } from './run-git.ts';

export interface ReplayRequest {
  /** Branch of the remote; default the one that is checked out. */
  readonly target?: string;
  /** Overwrites what the remote has. */
  readonly force: boolean;
  readonly maxAttempts: number;
  /** Date of commits that are made anew on top of the remote's. */
  readonly date: Date;
  /** Where the objects wait that the host makes commits of; a ref that no branch shows. */
  readonly staging: string;
  /** Milliseconds before the second attempt. Default 1000. */
  readonly firstDelay?: number;
}

/**
 * Has the host make the commits of the work tree that its branch lacks, one by one with their trees and messages, so that
 * it can sign them; HEAD is the last of these afterwards. A remote that has moved is taken in as before a push. Commits
 * that an earlier attempt had made are recognised.
 */
export async function replayCommits(
  tree: OpenTree,
  host: HostedCommits,
  request: ReplayRequest,
): Promise<Pushed> {
  const { branch, inTurn } = await beginPush(tree, request.target);
  const { signal } = tree.options;
  for (let attempt = 1; ; attempt++) {
    const done = await inTurn(() => tryToReplay(tree, host, branch, request));
    if (typeof done !== 'string') return { branch, sha: await readSha(tree), rewritten: done };
    if (attempt >= request.maxAttempts) throw new Error(`${nameOf(tree, branch)} ${done}; raise maxAttempts`);
    await pause(pushDelay(attempt, request.firstDelay), signal);
  }
}

/** What was made of our commits; a text says why it may go better next time. */
async function tryToReplay(
  tree: OpenTree,
  host: HostedCommits,
  branch: string,
  request: ReplayRequest,
): Promise<Rewritten | string> {
  const { force, date, staging } = request;
  const policy = force ? 'None' : (tree.options.integration ?? 'AlwaysRebase');
  const before = await readSha(tree);
  let target = await findRemoteBranch(tree, branch);
  if (target !== undefined && policy !== 'None') {
    if (await integrate(tree, branch, policy, date)) return findRewritten(tree, before, await readSha(tree));
    target = await findRemoteBranch(tree, branch);
  }
  const head = await readSha(tree);
  if (head === target) return {};
  const base = target ?? (await findBase(tree));
  const mergeBase = await findMergeBase(tree, head, base);
  if (mergeBase === undefined)
    throw new TerminalError(`${nameOf(tree, branch)} shares no commit with what is to be pushed`, {
      status: 'Errored',
    });
  if (target !== undefined && mergeBase !== target && !force)
    return mergeBase === head
      ? 'holds commits that are not here'
      : 'has moved on, and the policy takes nothing in';
  const ours = await listReplayable(tree, mergeBase, head);
  checkNumber(tree, branch, ours.length);
  const known = target === undefined ? undefined : await findReplayed(tree, ours, mergeBase, target);
  if (known) return settle(tree, branch, before, known);
  await stage(tree, staging);
  try {
    const made = await makeCommits(tree, host, ours, mergeBase);
    const sha = ours.length === 0 ? mergeBase : made[ours.at(-1)!.sha]!;
    const isDone = await host.pointBranch(branch, sha, { isNew: target === undefined, force });
    return isDone ? await settle(tree, branch, before, made) : 'moved on while commits were made for it';
  } finally {
    // Nobody sees it; what stays is overwritten next time.
    await host.removeRef(staging).catch(() => undefined);
  }
}

/** ID of a branch of the remote, its commits here afterwards; undefined when there is none. */
async function findRemoteBranch(tree: OpenTree, branch: string): Promise<string | undefined> {
  const listed = await tree.runRemote(['ls-remote', '--refs', 'origin', `refs/heads/${branch}`]);
  const sha = /^([0-9a-f]{40,64})\t/.exec(listed)?.[1];
  if (sha === undefined) return undefined;
  await tree.runRemote(['fetch', '--no-tags', 'origin', `refs/heads/${branch}`]);
  return (await tree.run(['rev-parse', 'FETCH_HEAD'])).trim();
}

/** Where a new branch begins: at the remote's branch of the one that is checked out, else at what was checked out. */
async function findBase(tree: OpenTree): Promise<string> {
  const branch = await findBranch(tree);
  const remote = branch === undefined ? undefined : await findRemoteBranch(tree, branch);
  const base = remote ?? (await findCheckedOut(tree.gitFolder));
  if (base !== undefined) return base;
  throw new Error('nothing tells which commits are new: check out a branch that the remote has');
}

function checkNumber(tree: OpenTree, branch: string, count: number): void {
  const { replayLimit = 10 } = tree.options;
  if (count <= replayLimit) return;
  throw new TerminalError(
    `${count} commits are new for ${nameOf(tree, branch)}, and at most ${replayLimit} are made through the API of the host: ` +
      'commit once, push with git-push, or let the operator of the worker raise github.maxCommits',
    { status: 'Errored' },
  );
}

/** The objects have to be at the host before it can make commits of them. */
async function stage(tree: OpenTree, staging: string): Promise<void> {
  try {
    await tree.runRemote(['push', '--porcelain', '--force', 'origin', `HEAD:${staging}`]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw explainPush(`${staging} of ${displayURL(tree.repository.remote.text)}`, error);
  }
}

async function makeCommits(
  tree: OpenTree,
  host: HostedCommits,
  commits: readonly ReplayedCommit[],
  base: string,
): Promise<Rewritten> {
  const made: Record<string, string> = {};
  for (const commit of commits) {
    tree.options.signal.throwIfAborted();
    const parents = commit.parents.map((parent) => made[parent] ?? parent);
    made[commit.sha] = await host.makeCommit({
      tree: commit.tree,
      parents: parents.length === 0 ? [base] : parents,
      ...asMade(tree, commit),
    });
  }
  return made;
}

/** Who is trusted is signed for by the host, under its own name; everybody else stays who made the commit. */
function asMade(tree: OpenTree, { message, author, committer, signer }: ReplayedCommit) {
  if (signer === undefined && !tree.options.verifyUntrusted) return { message, author, committer };
  const person = `${author.name} <${author.email}>`;
  const isSame = signer === person || signer === author.email;
  return { message: isSame ? message : `${message}\n\nCo-authored-by: ${person}` };
}

/** What became of our commits when an earlier attempt had all of them made: the same trees in the same order. */
async function findReplayed(
  tree: OpenTree,
  ours: readonly ReplayedCommit[],
  mergeBase: string,
  target: string,
): Promise<Rewritten | undefined> {
  if (mergeBase === target) return undefined;
  const theirs = await listReplayable(tree, mergeBase, target);
  const isSame = (commit: ReplayedCommit, index: number) =>
    theirs[index]?.tree === commit.tree && theirs[index].message.startsWith(commit.message);
  if (ours.length === 0 || theirs.length !== ours.length || !ours.every(isSame)) return undefined;
  return Object.fromEntries(ours.map(({ sha }, index) => [sha, theirs[index]!.sha]));
}

/** The work tree goes on from what the host made: the same files under other commits. */
async function settle(tree: OpenTree, branch: string, before: string, made: Rewritten): Promise<Rewritten> {
  const rebased = await findRewritten(tree, before, await readSha(tree));
  const target = await findRemoteBranch(tree, branch);
  if (target !== undefined) await tree.run(['reset', '--keep', target]);
  const through = Object.entries(rebased).map(([old, sha]) => [old, made[sha] ?? sha] as const);
  return Object.fromEntries([...Object.entries(made), ...through].filter(([old, now]) => old !== now));
}

function nameOf(tree: OpenTree, branch: string): string {
  return `branch ${branch} of ${displayURL(tree.repository.remote.text)}`;
}
