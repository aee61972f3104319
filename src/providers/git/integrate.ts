import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TerminalError } from '../../core/errors.ts';
import { findCheckedOut } from './check-out.ts';
import type { IntegrationPolicy } from './git.ts';
import { displayURL } from './remote-url.ts';
import { signature } from './repository.ts';
import { type GitCall, GitError } from './run-git.ts';
import type { OpenTree } from './open-tree.ts';
import { type ListedCommit, listCommits, pairCommits } from './rewritten.ts';
import { findKeyForRewrites, signingConfig } from './signing.ts';

/**
 * Takes the commits of the remote's branch into the work tree. True when that branch holds all our work already: there
 * is nothing to push. A conflict is undone and ends the step.
 */
export async function integrate(
  tree: OpenTree,
  branch: string,
  policy: Exclude<IntegrationPolicy, 'None'>,
  date: Date,
): Promise<boolean> {
  const theirs = await fetchBranch(tree, branch);
  const ours = (await tree.run(['rev-parse', 'HEAD'])).trim();
  const base = await findMergeBase(tree, ours, theirs);
  if (base === theirs) return false;
  if (base === ours && ours !== (await findCheckedOut(tree.gitFolder))) return true;
  const pushed = base === ours ? undefined : await findPushed(tree, ours, theirs);
  if (pushed) {
    await tree.run(['reset', '--keep', pushed]);
    return true;
  }
  const key = await findKeyForRewrites(tree.repository.folder);
  const config = signingConfig(tree.repository.folder, key);
  const way = await choose(tree, policy, branch, `${theirs}..${ours}`, config);
  const env = signature(tree.repository.record.identity, date);
  await takeIn(tree, branch, theirs, way, { env, config });
  return (await tree.run(['rev-parse', 'HEAD'])).trim() === theirs;
}

/** Undoes a rebase or merge that a killed attempt left in the middle. */
export async function abortIntegration(tree: OpenTree): Promise<void> {
  const rebases = rebaseFolders.map((name) => join(tree.gitFolder, name));
  if (rebases.some((folder) => existsSync(folder))) {
    await tree.run(['rebase', '--abort']).catch(async (error: unknown) => {
      if (!(error instanceof GitError)) throw error;
      // Its notes are not complete, so it had not begun to move anything.
      for (const folder of rebases) await rm(folder, { recursive: true, force: true });
    });
  }
  if (existsSync(join(tree.gitFolder, 'MERGE_HEAD'))) await tree.run(['merge', '--abort']);
}

/** ID of the remote's branch now; its commits are here afterwards. */
export async function fetchBranch(tree: OpenTree, branch: string): Promise<string> {
  await tree.runRemote(['fetch', '--no-tags', 'origin', `refs/heads/${branch}`]);
  return (await tree.run(['rev-parse', 'FETCH_HEAD'])).trim();
}

/** Says whether a commit is, or comes after, another one. */
export async function holds(tree: OpenTree, commit: string, earlier: string): Promise<boolean> {
  return (await findMergeBase(tree, earlier, commit)) === earlier;
}

/** The last commit that both hold; a shallow clone is completed when it needs to be. */
export async function findMergeBase(
  tree: OpenTree,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const found = await mergeBase(tree, ours, theirs);
  if (found || !existsSync(join(tree.repository.bare, 'shallow'))) return found;
  // The common ancestor may lie beyond the depth of the clone.
  await tree.runRemote(['fetch', '--no-tags', '--unshallow', 'origin']);
  return mergeBase(tree, ours, theirs);
}

async function mergeBase(tree: OpenTree, ours: string, theirs: string): Promise<string | undefined> {
  try {
    return (await tree.run(['merge-base', ours, theirs])).trim() || undefined;
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/**
 * Our last commit as the remote has it, when it has all of ours: an earlier attempt pushed them on top of others' work,
 * and the files here were made anew since.
 */
async function findPushed(tree: OpenTree, ours: string, theirs: string): Promise<string | undefined> {
  const isThere = ({ onBothSides }: ListedCommit) => onBothSides;
  const mine = await listCommits(tree, theirs, ours);
  if (mine.length === 0 || !mine.every(isThere)) return undefined;
  const pairs = pairCommits(mine, (await listCommits(tree, ours, theirs)).filter(isThere));
  return mine.every(({ sha }) => pairs[sha]) ? pairs[ours] : undefined;
}

async function choose(
  tree: OpenTree,
  policy: Exclude<IntegrationPolicy, 'None'>,
  branch: string,
  range: string,
  config: readonly string[],
): Promise<'rebase' | 'merge'> {
  if (policy === 'AlwaysRebase') return 'rebase';
  if (policy === 'AlwaysMerge') return 'merge';
  if (await keepsSignatures(tree, range, config)) return 'rebase';
  if (policy === 'RebaseOrMerge') return 'merge';
  throw new TerminalError(
    `${describe(tree, branch)} moved on, and a rebase would make commits anew that somebody else signed, or sign what nobody signed; the policy RebaseOrFail allows no merge instead: the operator sets another with git.pushPolicy`,
  );
}

function describe({ repository }: OpenTree, branch: string): string {
  return `branch ${branch} of ${displayURL(repository.remote.text)}`;
}

/** A rebase signs every commit with our key, or none: it may do so where each is signed by a key of ours, or none is. */
async function keepsSignatures(tree: OpenTree, range: string, config: readonly string[]): Promise<boolean> {
  if (config.length === 0) {
    const raw = await tree.run(['rev-list', '--header', range]);
    return !/\ngpgsig(-sha256)? /.test(raw);
  }
  const verdicts = await tree.run(['log', '--format=%G?', range], { config });
  return verdicts.split('\n').every((verdict) => verdict === 'G' || verdict === '');
}

async function takeIn(
  tree: OpenTree,
  branch: string,
  theirs: string,
  way: 'rebase' | 'merge',
  call: GitCall & { readonly env: Readonly<Record<string, string>> },
): Promise<void> {
  try {
    await (way === 'rebase'
      ? tree.run(['rebase', theirs], { ...call, env: onlyCommitter(call.env) })
      : tree.run(['merge', '--no-edit', 'FETCH_HEAD'], call));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const inConflict = await listConflicts(tree);
    await abortIntegration(tree);
    const where = describe(tree, branch);
    if (inConflict.length === 0) {
      throw new Error(
        `cannot ${way} onto ${where}; commit or remove what is changed first\n${error.message}`,
        {
          cause: error,
        },
      );
    }
    throw new TerminalError(
      `merge conflict with ${where} in ${inConflict.join(', ')}; resolve it there or promote again, and let Stages that share a branch write to different files`,
    );
  }
}

async function listConflicts(tree: OpenTree): Promise<readonly string[]> {
  const text = await tree.run(['diff', '--name-only', '--diff-filter=U', '-z']);
  return text.split('\0').filter(Boolean);
}

/** Authors and their dates stay what they are. */
function onlyCommitter(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('GIT_COMMITTER')));
}

const rebaseFolders = ['rebase-merge', 'rebase-apply'];
