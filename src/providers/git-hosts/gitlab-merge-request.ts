import { valueAt, type Json } from '../../core/json.ts';
import { findText, isTrueAt, numberAt, textAt } from './answer-fields.ts';
import type { PullRequest } from './git-host.ts';

/** A merge request as GitLab shows it, in our words. */
export function readMergeRequest(answer: Json): PullRequest {
  const state = readState(textAt(answer, 'state'));
  const [head, commit] = [findText(answer, 'sha'), readMergeCommit(answer)];
  return {
    number: numberAt(answer, 'iid'),
    url: textAt(answer, 'web_url'),
    state,
    isDraft: isTrueAt(answer, 'draft') || isTrueAt(answer, 'work_in_progress'),
    isQueued: state === 'open' && (isAutomatic(answer) || isBeingMerged(answer)),
    source: textAt(answer, 'source_branch'),
    target: textAt(answer, 'target_branch'),
    ...(head !== undefined && { headCommit: head }),
    ...(state === 'merged' && commit !== undefined && { mergeCommit: commit }),
    createdAt: textAt(answer, 'created_at'),
  };
}

/** The commit that brought it to the target; merged by fast-forward, that is its own head. */
export function readMergeCommit(answer: Json | undefined): string | undefined {
  return (
    findText(answer, 'merge_commit_sha') ?? findText(answer, 'squash_commit_sha') ?? findText(answer, 'sha')
  );
}

/** GitLab merges it by itself: once its pipeline succeeds, or its turn in a merge train has come. */
export function isAutomatic(answer: Json | undefined): boolean {
  return isTrueAt(answer, 'merge_when_pipeline_succeeds');
}

/** For moments only, while GitLab works on it. */
export function isBeingMerged(answer: Json | undefined): boolean {
  return findText(answer, 'state') === 'locked';
}

export function isFromFork(answer: Json): boolean {
  const source = valueAt(answer, ['source_project_id']);
  return source !== undefined && source !== valueAt(answer, ['target_project_id']);
}

function readState(state: string): PullRequest['state'] {
  if (state === 'merged') return 'merged';
  return state === 'closed' ? 'closed' : 'open';
}
