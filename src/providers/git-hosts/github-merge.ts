import { setTimeout as wait } from 'node:timers/promises';
import { valueAt } from '../../core/json.ts';
import { findText, isTrueAt } from './answer-fields.ts';
import { explainAnswer } from './explain-answer.ts';
import type { MergeEnd, MergeOptions } from './git-host.ts';
import { findRequest } from './find-request.ts';
import { readRequest } from './github-pull-request.ts';
import type { HostAnswer } from './host-request.ts';
import { refuseMethod } from './merge-method.ts';
import type { HostSession } from './session.ts';

/** Where the repository is asked for. */
export interface GitHubRepository {
  readonly session: HostSession;
  /** Path of the repository in the API. */
  readonly root: string;
  readonly signal: AbortSignal;
}

/** Merges a pull request at GitHub, or says why not. */
export async function mergeAtGitHub(
  repository: GitHubRepository,
  number: number,
  { method, headCommit }: MergeOptions,
): Promise<MergeEnd> {
  const refusal = refuseMethod('github', method);
  if (refusal) return refusal;
  const before = await look(repository, number);
  const end = endOf(before);
  if (end) return end;
  const answer = await sendMerge(repository, number, method, headCommit);
  if (!('status' in answer)) return answer;
  if (method === undefined && isMethodRefused(answer)) {
    const other = await allowedMethod(repository);
    const second = other === undefined ? answer : await sendMerge(repository, number, other, headCommit);
    return 'status' in second ? judge(second, before, headCommit) : second;
  }
  return judge(answer, before, headCommit);
}

/** GitHub finds out in the background whether a request can be merged. */
async function look({ session, root, signal }: GitHubRepository, number: number): Promise<HostAnswer> {
  const purpose = `reading pull request #${number}`;
  const until = Date.now() + 5_000;
  for (let pause = 250; ; pause *= 2) {
    const answer = await session.ask({ method: 'GET', path: `${root}/pulls/${number}`, purpose });
    const isOpen = findText(answer.body, 'state') === 'open';
    if (!isOpen || stateOf(answer) !== 'unknown' || Date.now() + pause > until) return answer;
    await wait(pause, undefined, { signal });
  }
}

/** What is clear before anything is tried. */
function endOf(answer: HostAnswer): MergeEnd | undefined {
  const { state, target, isDraft, mergeCommit } = readRequest(answer.body);
  if (state === 'merged') return merged(mergeCommit);
  if (state === 'closed') return refused('it was closed without being merged');
  if (isDraft) return waiting('it is a draft');
  const mergeable = stateOf(answer);
  if (mergeable === 'dirty') return refused(`it has a conflict with ${target}`);
  if (mergeable === 'draft') return waiting('it is a draft');
  if (mergeable === 'unknown') return waiting('the host is still finding out whether it can be merged');
  if (tried.has(mergeable) || isTrueAt(answer.body, 'mergeable')) return undefined;
  return waiting(`the host calls it ${mergeable}`);
}

function stateOf({ body }: HostAnswer): string {
  const state = findText(body, 'mergeable_state');
  // Older Enterprise Servers do not tell.
  return state ?? (valueAt(body, ['mergeable']) === null ? 'unknown' : 'clean');
}

/** `blocked` and `behind` are tried all the same: the token may be allowed to pass over a rule. */
const tried: ReadonlySet<string> = new Set(['clean', 'unstable', 'has_hooks', 'blocked', 'behind']);

/** https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request */
async function sendMerge(
  { session, root }: GitHubRepository,
  number: number,
  method: string | undefined,
  headCommit: string | undefined,
): Promise<HostAnswer | MergeEnd> {
  const body = { ...(method && { merge_method: method }), ...(headCommit && { sha: headCommit }) };
  const purpose = `merging pull request #${number}`;
  try {
    const path = `${root}/pulls/${number}/merge`;
    const answer = await session.ask({ method: 'PUT', path, body, purpose }, [405, 409, 422]);
    return answer.status < 300 ? merged(findText(answer.body, 'sha')) : answer;
  } catch (error) {
    // It may be merged, although nobody says so.
    const after = await findRequest(session, root, number, readRequest).catch(() => undefined);
    if (after?.state !== 'merged') throw error;
    return merged(after.mergeCommit);
  }
}

async function allowedMethod({ session, root }: GitHubRepository): Promise<string | undefined> {
  const purpose = 'reading how it merges';
  const { body } = await session.ask({ method: 'GET', path: root, purpose });
  const methods = { merge: 'allow_merge_commit', squash: 'allow_squash_merge', rebase: 'allow_rebase_merge' };
  return Object.entries(methods).find(([, field]) => isTrueAt(body, field))?.[0];
}

function judge(answer: HostAnswer, before: HostAnswer, headCommit: string | undefined): MergeEnd {
  const said = explainAnswer(answer);
  if (answer.status === 409) return headCommit === undefined ? waiting(said) : refused(said);
  if (answer.status === 422 || isMethodRefused(answer)) return refused(said);
  if (/Base branch was modified|Pull Request is not mergeable|merge queue/i.test(said)) return waiting(said);
  const state = stateOf(before);
  return state === 'blocked' || state === 'behind' ? waiting(said) : refused(said);
}

function isMethodRefused(answer: HostAnswer): boolean {
  return answer.status === 405 && /not allowed/i.test(explainAnswer(answer));
}

function merged(commit: string | undefined): MergeEnd {
  return { kind: 'merged', ...(commit !== undefined && { commit }) };
}

function waiting(reason: string): MergeEnd {
  return { kind: 'waiting', reason };
}

function refused(reason: string): MergeEnd {
  return { kind: 'refused', reason };
}
