import type { Json } from '../../core/json.ts';
import { findText, isTrueAt, numberAt, textAt } from './answer-fields.ts';
import type { PullRequest, PullRequestQuery } from './git-host.ts';

/** A pull request as Bitbucket Cloud shows it, in our words; its commits are shortened. */
export function readPullRequest(answer: Json): PullRequest {
  const state = readState(textAt(answer, 'state'));
  const [head, merge] = [
    findText(answer, 'source', 'commit', 'hash'),
    findText(answer, 'merge_commit', 'hash'),
  ];
  return {
    number: numberAt(answer, 'id'),
    url: textAt(answer, 'links', 'html', 'href'),
    state,
    isDraft: isTrueAt(answer, 'draft'),
    isQueued: state === 'open' && isTrueAt(answer, 'queued'),
    source: textAt(answer, 'source', 'branch', 'name'),
    target: textAt(answer, 'destination', 'branch', 'name'),
    ...(head !== undefined && { headCommit: head }),
    ...(state === 'merged' && merge !== undefined && { mergeCommit: merge }),
    createdAt: textAt(answer, 'created_on'),
  };
}

/** Between these branches of this repository; a fork that is gone has no name. */
export function isBetween(answer: Json, { source, target }: PullRequestQuery): boolean {
  const from = findText(answer, 'source', 'repository', 'full_name');
  return (
    findText(answer, 'source', 'branch', 'name') === source &&
    findText(answer, 'destination', 'branch', 'name') === target &&
    from !== undefined &&
    from === findText(answer, 'destination', 'repository', 'full_name')
  );
}

/** Also `SUPERSEDED`: closed in favour of another. */
function readState(state: string): PullRequest['state'] {
  if (state === 'MERGED') return 'merged';
  return state === 'OPEN' ? 'open' : 'closed';
}
