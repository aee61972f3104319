import { setTimeout as sleep } from 'node:timers/promises';
import type { PullRequest } from '../providers/git-hosts/git-host.ts';
import type { StepWorld } from './define-step.ts';

/** Where a merged pull request is, as far as git has to know. */
export interface MergedPullRequest {
  readonly repoURL: string;
  readonly insecureSkipTLSVerify?: boolean;
  /** As the host tells it after the merge. */
  readonly merged: Pick<PullRequest, 'number' | 'target' | 'headCommit' | 'mergeCommit'>;
}

/**
 * The commit a merged pull request came to: what its host names, else the head of the target branch once that holds the
 * request's change. Never empty; where nobody can tell yet, it rejects and is to be asked again.
 */
export async function findMergeCommit(
  { merged, ...repository }: MergedPullRequest,
  world: StepWorld,
  pause = 2000,
): Promise<string> {
  if (merged.mergeCommit) return merged.mergeCommit;
  const remote = await world.git.openRemote({ name: world.alias, ...repository });
  const { target, headCommit } = merged;
  for (let look = 1; ; look += 1) {
    const { commits } = await remote.listHeads([target]);
    const head = commits.get(target);
    if (!head) {
      throw new Error(
        `the host does not tell the commit of pull request ${merged.number}, and its target branch ${target} is gone`,
      );
    }
    // Commits that were squashed or rebased are not found again: in the end the host is believed.
    const isThere = !headCommit || head === headCommit || (await remote.holds(target, headCommit));
    if (isThere || look === mostLooks) return head;
    await sleep(pause, undefined, { signal: world.signal });
  }
}

const mostLooks = 4;
