import { valueAt, type Json } from '../../core/json.ts';
import { findText, isTrueAt, numberAt, textAt } from './answer-fields.ts';
import type { PullRequest, PullRequestQuery } from './git-host.ts';

/** A pull request as Bitbucket Data Center shows it, in our words. */
export function readPullRequest(answer: Json, webURL: string): PullRequest {
  const state = readState(textAt(answer, 'state'));
  const [head, merge] = [findText(answer, 'fromRef', 'latestCommit'), readMergeCommit(answer)];
  const number = numberAt(answer, 'id');
  return {
    number,
    url: findText(answer, 'links', 'self', 0, 'href') ?? `${webURL}/pull-requests/${number}`,
    state,
    isDraft: isTrueAt(answer, 'draft'),
    // It keeps apart what it merges by itself; until then the request is an open one.
    isQueued: false,
    source: branchOf(textAt(answer, 'fromRef', 'id')),
    target: branchOf(textAt(answer, 'toRef', 'id')),
    ...(head !== undefined && { headCommit: head }),
    ...(state === 'merged' && merge !== undefined && { mergeCommit: merge }),
    createdAt: new Date(numberAt(answer, 'createdDate')).toISOString(),
  };
}

export function readMergeCommit(answer: Json | undefined): string | undefined {
  return findText(answer, 'properties', 'mergeCommit', 'id');
}

/** Between these branches of one repository. */
export function isInside(answer: Json, { source, target }: PullRequestQuery): boolean {
  const [from, to] = ['fromRef', 'toRef'].map((end) =>
    JSON.stringify([
      valueAt(answer, [end, 'repository', 'slug']) ?? null,
      valueAt(answer, [end, 'repository', 'project', 'key']) ?? null,
    ]),
  );
  return (
    from === to &&
    findText(answer, 'fromRef', 'id') === `refs/heads/${source}` &&
    findText(answer, 'toRef', 'id') === `refs/heads/${target}`
  );
}

function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

function readState(state: string): PullRequest['state'] {
  if (state === 'MERGED') return 'merged';
  return state === 'OPEN' ? 'open' : 'closed';
}
