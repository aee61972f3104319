import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { normalizeGitURL } from '../../core/freight/urls.ts';
import { inTurn } from './branch-turns.ts';
import { abortIntegration, integrate } from './integrate.ts';
import { readHead } from './read-ref.ts';
import { checkRefName } from './ref-name.ts';
import { displayURL } from './remote-url.ts';
import { findRewritten, type Rewritten } from './rewritten.ts';
import { GitError } from './run-git.ts';
import { findBranch, type OpenTree } from './open-tree.ts';

export interface PushRequest {
  /** Branch of the remote; default the one that is checked out. */
  readonly target?: string;
  /** Overwrites what the remote has, without taking its commits in. */
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
 * tried again; a remote that holds HEAD already is left as it is.
 */
export async function pushCommits(tree: OpenTree, request: PushRequest): Promise<Pushed> {
  await abortIntegration(tree);
  const branch = request.target?.replace(/^refs\/heads\//, '') || (await findBranch(tree));
  if (!branch)
    throw new Error('no branch is checked out here; set targetBranch, or generateTargetBranch: true');
  checkRefName('branch', branch);
  const { signal } = tree.options;
  const turn = `${normalizeGitURL(tree.repository.remote.text)} ${branch}`;
  const before = await findFirstHead(tree, branch, request.date);
  for (let attempt = 1; ; attempt++) {
    const refused = await inTurn(turn, signal, () => tryToPush(tree, branch, request));
    if (!refused) {
      const sha = await readSha(tree);
      return { branch, sha, rewritten: await findRewritten(tree, before, sha) };
    }
    if (attempt >= request.maxAttempts) throw explainRefusal(tree, branch, refused, attempt);
    await pause(pushDelay(attempt, request.firstDelay), signal);
  }
}

/** Pushes a tag that exists here. The branch is the one checked out, for information. */
export async function pushTag(tree: OpenTree, tag: string): Promise<Pushed> {
  const name = checkRefName('tag', tag.replace(/^refs\/tags\//, ''));
  try {
    await tree.runRemote(['push', '--porcelain', 'origin', `refs/tags/${name}:refs/tags/${name}`]);
  } catch (error) {
    throw error instanceof GitError ? explainTag(tree, name, error) : error;
  }
  const branch = await findBranch(tree);
  return { ...(branch && { branch }), sha: await readSha(tree), rewritten: {} };
}

/** Milliseconds before the next attempt: half as long again each time, up to half more by chance, at most 30 s. */
export function pushDelay(attempt: number, first = 1000, chance = Math.random()): number {
  return Math.min(30_000, first * 1.5 ** (attempt - 1) * (1 + chance / 2));
}

/** HEAD as the first attempt of this step found it: a later one may find it moved, and has to tell the same. */
async function findFirstHead(tree: OpenTree, branch: string, date: Date): Promise<string> {
  const file = join(tree.gitFolder, 'gantry-push');
  const step = `${branch} ${date.toISOString()} `;
  const noted = await readFile(file, 'utf8').catch(() => '');
  if (noted.startsWith(step)) return noted.slice(step.length);
  const head = await readSha(tree);
  await writeFile(`${file}.new`, step + head);
  await rename(`${file}.new`, file);
  return head;
}

/** Undefined when the push went through, else the refusal of a remote that has moved. */
async function tryToPush(
  tree: OpenTree,
  branch: string,
  { force, date }: PushRequest,
): Promise<GitError | undefined> {
  const refused = await findRefusal(tree, branch, force);
  const policy = tree.options.integration ?? 'AlwaysRebase';
  if (!refused || force || policy === 'None') return refused;
  const isThere = await integrate(tree, branch, policy, date);
  return isThere ? undefined : findRefusal(tree, branch, false);
}

/** Undefined when the push went through; the refusal when it may go through after the remote's commits are taken in. */
async function findRefusal(tree: OpenTree, branch: string, force: boolean): Promise<GitError | undefined> {
  try {
    const options = ['--porcelain', ...(force ? ['--force'] : [])];
    await tree.runRemote(['push', ...options, 'origin', `HEAD:refs/heads/${branch}`]);
    return undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (isOvertaken(error.message)) return error;
    throw explainDenial(tree, branch, error);
  }
}

/** Says whether git's words mean that the remote moved, or is being moved, under our feet. */
export function isOvertaken(text: string): boolean {
  return (
    /\[(remote )?rejected\]/.test(text) &&
    /non-fast-forward|fetch first|cannot lock ref|incorrect old value provided|failed to update ref/.test(
      text,
    )
  );
}

function explainDenial(tree: OpenTree, branch: string, error: GitError): Error {
  const where = `branch ${branch} of ${displayURL(tree.repository.remote.text)}`;
  const denied = /\[remote rejected\]|declined|protected|Not allowed/.test(error.message);
  const advice = denied
    ? `the remote refuses the push to ${where}; allow it for this user there, or push with generateTargetBranch: true and open a pull request`
    : `cannot push to ${where}`;
  return new Error(`${advice}\n${error.message}`, { cause: error });
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

function explainTag(tree: OpenTree, tag: string, error: GitError): Error {
  const url = displayURL(tree.repository.remote.text);
  if (/does not match any/.test(error.message))
    return new Error(`tag ${tag} does not exist here`, { cause: error });
  if (/already exists/.test(error.message)) {
    return new Error(`tag ${tag} exists in ${url} already, on another commit or with another message`, {
      cause: error,
    });
  }
  return new Error(`cannot push tag ${tag} to ${url}\n${error.message}`, { cause: error });
}

async function readSha(tree: OpenTree): Promise<string> {
  const read = await readHead(tree.gitFolder, tree.repository.bare);
  return read ?? (await tree.run(['rev-parse', '--verify', 'HEAD'])).trim();
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}
