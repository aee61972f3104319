import { valueAt, type Json } from '../../core/json.ts';
import { findText, isTrueAt, numberAt, textAt } from './answer-fields.ts';
import type { PullRequest } from './git-host.ts';

/** A pull request as Azure DevOps shows it, in our words. */
export function readPullRequest(answer: Json, webURL: string): PullRequest {
  const number = numberAt(answer, 'pullRequestId');
  const state = readState(textAt(answer, 'status'));
  const [head, merge] = [readHead(answer), readMergeCommit(answer)];
  return {
    number,
    url: `${webURL}/pullrequest/${number}`,
    state,
    isDraft: isTrueAt(answer, 'isDraft'),
    isQueued: state === 'open' && isAutomatic(answer),
    source: branchOf(textAt(answer, 'sourceRefName')),
    target: branchOf(textAt(answer, 'targetRefName')),
    ...(head !== undefined && { headCommit: head }),
    ...(state === 'merged' && merge !== undefined && { mergeCommit: merge }),
    createdAt: textAt(answer, 'creationDate'),
  };
}

export function readHead(answer: Json | undefined): string | undefined {
  return findText(answer, 'lastMergeSourceCommit', 'commitId');
}

/** Of an active one, this is only a trial. */
export function readMergeCommit(answer: Json | undefined): string | undefined {
  return findText(answer, 'lastMergeCommit', 'commitId');
}

/** Completes by itself once its policies are met. */
export function isAutomatic(answer: Json | undefined): boolean {
  return findText(answer, 'autoCompleteSetBy', 'id') !== undefined;
}

export function isFromFork(answer: Json): boolean {
  return (valueAt(answer, ['forkSource']) ?? null) !== null;
}

/** The ref of a branch. */
export function refOf(branch: string): string {
  return `refs/heads/${branch}`;
}

function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

function readState(status: string): PullRequest['state'] {
  if (status === 'completed') return 'merged';
  return status === 'abandoned' ? 'closed' : 'open';
}
