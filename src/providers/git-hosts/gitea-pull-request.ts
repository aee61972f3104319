import { findText, isTrueAt, numberAt, textAt } from './answer-fields.ts';
import type { PullRequest } from './git-host.ts';
import type { HostAnswer } from './host-request.ts';

/** A pull request as its answer tells it. */
export function readRequest(body: HostAnswer['body']): PullRequest {
  const mergeCommit = findText(body, 'merge_commit_sha');
  const headCommit = findText(body, 'head', 'sha');
  const isMerged = isTrueAt(body, 'merged');
  return {
    number: numberAt(body, 'number'),
    url: textAt(body, 'html_url'),
    state: isMerged ? 'merged' : textAt(body, 'state') === 'open' ? 'open' : 'closed',
    isDraft: isTrueAt(body, 'draft'),
    isQueued: false,
    // `ref` becomes `refs/pull/7/head` once the branch is gone.
    source: findText(body, 'head', 'label') ?? textAt(body, 'head', 'ref'),
    target: textAt(body, 'base', 'ref'),
    ...(headCommit !== undefined && { headCommit }),
    ...(isMerged && mergeCommit !== undefined && { mergeCommit }),
    createdAt: textAt(body, 'created_at'),
  };
}
