import { normalizeGitURL } from '../../core/freight/urls.ts';
import { inTurn } from './branch-turns.ts';
import { abortIntegration } from './integrate.ts';
import { findBranch, type OpenTree } from './open-tree.ts';
import { checkRefName, shortBranchName } from './ref-name.ts';

/** Where commits are pushed to. */
export interface PushPlace {
  readonly branch: string;
  /** Runs work when no other push of this process to the same branch is under way. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Undoes what an earlier attempt left half taken in, and finds the branch of a push: the target, or the one that is
 * checked out. Throws when there is neither, and for a name that is none.
 */
export async function beginPush(tree: OpenTree, target: string | undefined): Promise<PushPlace> {
  await abortIntegration(tree);
  const branch = shortBranchName(target ?? '') || (await findBranch(tree));
  if (!branch)
    throw new Error('no branch is checked out here; set targetBranch, or generateTargetBranch: true');
  checkRefName('branch', branch);
  const turn = `${normalizeGitURL(tree.repository.remote.text)} ${branch}`;
  return { branch, inTurn: (work) => inTurn(turn, tree.options.signal, work) };
}
