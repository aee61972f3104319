import { setTimeout as wait } from 'node:timers/promises';
import { findText, isTrueAt } from './answer-fields.ts';
import { explainAnswer } from './explain-answer.ts';
import type { MergeEnd, MergeOptions } from './git-host.ts';
import { findRequest } from './find-request.ts';
import { readRequest } from './gitea-pull-request.ts';
import type { HostAnswer } from './host-request.ts';
import { refuseMethod } from './merge-method.ts';
import type { HostSession } from './session.ts';

/** Where the repository is asked for. */
export interface GiteaRepository {
  readonly session: HostSession;
  /** Path of the repository in the API. */
  readonly root: string;
  readonly signal: AbortSignal;
}

/** Merges a pull request at Gitea, or says why not. */
export async function mergeAtGitea(
  repository: GiteaRepository,
  number: number,
  { method, headCommit }: MergeOptions,
): Promise<MergeEnd> {
  const { session, root } = repository;
  const refusal = refuseMethod('gitea', method);
  if (refusal) return refusal;
  const before = await look(repository, number);
  const end = endOf(before);
  if (end) return end;
  const request = {
    method: 'POST',
    path: `${root}/pulls/${number}/merge`,
    body: {
      Do: method ?? findText(before.body, 'base', 'repo', 'default_merge_style') ?? 'merge',
      ...(headCommit !== undefined && { head_commit_id: headCommit }),
    },
    purpose: `merging pull request #${number}`,
  } as const;
  let answer: HostAnswer;
  try {
    answer = await session.ask(request, [404, 405, 409, 422]);
  } catch (error) {
    // It may be merged, although nobody says so.
    const after = await findRequest(session, root, number, readRequest).catch(() => undefined);
    if (after?.state !== 'merged') throw error;
    return mergedBy(after.mergeCommit);
  }
  if (answer.status >= 400 && !isAlready(answer)) return judge(answer);
  const after = await findRequest(session, root, number, readRequest);
  return after?.state === 'merged' ? mergedBy(after.mergeCommit) : waiting('the host merges it later');
}

/** Gitea checks for conflicts in the background: for a few seconds every request looks as if it had some. */
async function look({ session, root, signal }: GiteaRepository, number: number): Promise<HostAnswer> {
  const purpose = `reading pull request #${number}`;
  const until = Date.now() + 5_000;
  for (;;) {
    const answer = await session.ask({ method: 'GET', path: `${root}/pulls/${number}`, purpose });
    const isSettled = endOf(answer)?.kind !== 'waiting' || isTrueAt(answer.body, 'draft');
    if (isSettled || Date.now() > until) return answer;
    await wait(500, undefined, { signal });
  }
}

/** What is clear before anything is tried. */
function endOf({ body }: HostAnswer): MergeEnd | undefined {
  if (isTrueAt(body, 'merged')) return mergedBy(findText(body, 'merge_commit_sha'));
  if (findText(body, 'state') !== 'open') return refused('it was closed without being merged');
  if (isTrueAt(body, 'draft')) return waiting('it is a draft');
  if (isTrueAt(body, 'mergeable')) return undefined;
  const target = findText(body, 'base', 'ref') ?? 'its target';
  return waiting(`it conflicts with ${target}, or the host has not finished checking whether it does`);
}

/** Gitea has few words and one status for many causes. */
function judge(answer: HostAnswer): MergeEnd {
  const said = explainAnswer(answer);
  if (answer.status === 404) return refused('it was closed without being merged');
  if (answer.status === 405) return isFinal(said) ? refused(said) : waiting(said);
  // A conflict found while it merges is one that its check will find, too: both are told alike.
  return /push out of date|conflict/i.test(said) ? waiting(said) : refused(said);
}

function isFinal(said: string): boolean {
  return /not allowed|merge style|sign/i.test(said);
}

function isAlready({ status, body }: HostAnswer): boolean {
  return status === 405 && /already merged/i.test(findText(body, 'message') ?? '');
}

function mergedBy(commit: string | undefined): MergeEnd {
  return { kind: 'merged', ...(commit !== undefined && { commit }) };
}

function waiting(reason: string): MergeEnd {
  return { kind: 'waiting', reason };
}

function refused(reason: string): MergeEnd {
  return { kind: 'refused', reason };
}
