import type { Json } from '../../core/json.ts';
import { valueAt } from '../../core/json.ts';
import { findText, isTrueAt, numberAt, textAt } from './answer-fields.ts';
import type { PullRequest, PullRequestQuery } from './git-host.ts';
import type { HostSession } from './session.ts';

/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
export async function findPullRequests(
  session: HostSession,
  root: string,
  { source, target }: PullRequestQuery,
): Promise<readonly PullRequest[]> {
  const owner = decodeURIComponent(root.split('/')[1] ?? '');
  const query = {
    state: 'open',
    head: `${owner}:${source}`,
    base: target,
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  };
  const purpose = `looking for a pull request from ${source} to ${target}`;
  const found = await session.list({ method: 'GET', path: `${root}/pulls`, query, purpose });
  // Servers leave out a filter they cannot read.
  return found.map(readRequest).filter((request) => request.source === source && request.target === target);
}

/** A pull request as its answer, or a list, tells it. */
export function readRequest(body: Json | undefined): PullRequest {
  const isMerged = isTrueAt(body, 'merged') || findText(body, 'merged_at') !== undefined;
  const [headCommit, mergeCommit] = [findText(body, 'head', 'sha'), findText(body, 'merge_commit_sha')];
  const isQueued = (valueAt(body, ['auto_merge']) ?? null) !== null;
  return {
    number: numberAt(body, 'number'),
    url: textAt(body, 'html_url'),
    state: isMerged ? 'merged' : textAt(body, 'state') === 'open' ? 'open' : 'closed',
    isDraft: isTrueAt(body, 'draft'),
    isQueued,
    source: textAt(body, 'head', 'ref'),
    target: textAt(body, 'base', 'ref'),
    ...(headCommit !== undefined && { headCommit }),
    // Of an open one it is a trial merge.
    ...(isMerged && mergeCommit !== undefined && { mergeCommit }),
    createdAt: textAt(body, 'created_at'),
  };
}
