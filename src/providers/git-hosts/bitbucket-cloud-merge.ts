import { setTimeout as wait } from 'node:timers/promises';
import type { Json } from '../../core/json.ts';
import { findText } from './answer-fields.ts';
import { readPullRequest } from './bitbucket-cloud-pull-request.ts';
import type { CloudRepository } from './bitbucket-cloud-repository.ts';
import { explainAnswer } from './explain-answer.ts';
import type { MergeEnd, MergeOptions, PullRequest } from './git-host.ts';
import { headerOf, type HostAnswer } from './host-request.ts';
import { callOrLook } from './lost-answer.ts';
import { refuseMethod } from './merge-method.ts';

/** Merges; Bitbucket tells only then what it lacks. */
export async function mergeInCloud(
  repository: CloudRepository,
  number: number,
  options: MergeOptions,
  signal: AbortSignal,
): Promise<MergeEnd> {
  const { method } = options;
  const refusal = refuseMethod('bitbucket', method);
  if (refusal) return refusal;
  const found = await readNow(repository, number);
  const obstacle = findObstacle(found, options) ?? (await endOf(repository, found));
  if (obstacle) return obstacle;
  const look = async (): Promise<MergeEnd | undefined> =>
    endOf(repository, await readNow(repository, number));
  return callOrLook(async () => {
    const answer = await askToMerge(repository, number, method);
    if (answer.status === 202) await followTask(repository, number, answer, signal);
    // Took longer than Bitbucket waits; it may be merged all the same.
    const isTaken = answer.status < 300 || answer.status === 555;
    return isTaken ? ((await look()) ?? inProgress) : readRefusal(answer, options);
  }, look);
}

function askToMerge(
  repository: CloudRepository,
  number: number,
  method: string | undefined,
): Promise<HostAnswer> {
  const call = {
    method: 'POST',
    path: `pullrequests/${number}/merge`,
    body: { close_source_branch: false, ...(method !== undefined && { merge_strategy: method }) },
    purpose: `merging pull request #${number}`,
  } as const;
  return repository.ask(call, [400, 409, 555]);
}

const inProgress: MergeEnd = { kind: 'waiting', reason: 'Bitbucket is merging it' };

async function readNow(repository: CloudRepository, number: number): Promise<PullRequest | undefined> {
  const found = await repository.findPullRequest(number);
  return found === undefined ? undefined : readPullRequest(found);
}

/** The end of one that is merged already. */
async function endOf(
  repository: CloudRepository,
  found: PullRequest | undefined,
): Promise<MergeEnd | undefined> {
  if (found?.state !== 'merged') return undefined;
  const { mergeCommit } = await repository.complete(found);
  return { kind: 'merged', ...(mergeCommit !== undefined && { commit: mergeCommit }) };
}

function findObstacle(found: PullRequest | undefined, { headCommit }: MergeOptions): MergeEnd | undefined {
  if (!found) return { kind: 'refused', reason: 'there is no pull request of that number' };
  if (found.state === 'closed') return { kind: 'refused', reason: 'it was declined' };
  if (found.state === 'merged') return undefined;
  const isMoved = headCommit !== undefined && !headCommit.startsWith(found.headCommit ?? headCommit);
  if (isMoved) return { kind: 'refused', reason: `its head is no longer ${headCommit}` };
  if (found.isDraft) return { kind: 'waiting', reason: 'it is a draft' };
  return found.isQueued ? { kind: 'waiting', reason: 'it waits in the merge queue' } : undefined;
}

/** Waits for a merge that takes longer than one answer. */
async function followTask(
  repository: CloudRepository,
  number: number,
  answer: HostAnswer,
  signal: AbortSignal,
): Promise<void> {
  const task = /\/merge\/task-status\/[\w-]+/.exec(headerOf(answer, 'location') ?? '')?.[0];
  if (task === undefined) return;
  const path = `pullrequests/${number}${task}`;
  const purpose = `merging pull request #${number}`;
  for (let look = 0; look < looks; look += 1) {
    const { body } = await repository.ask({ method: 'GET', path, purpose });
    if (findText(body, 'task_status') !== 'PENDING') return;
    await wait(betweenLooks, undefined, { signal });
  }
}

const looks = 10;
const betweenLooks = 1_000;

function readRefusal(answer: HostAnswer, { headCommit }: MergeOptions): MergeEnd {
  const reason = explainAnswer(answer);
  // One of the branches moved at the same moment.
  if (answer.status === 409 && headCommit === undefined) return { kind: 'waiting', reason };
  return { kind: isPassing(answer.body) ? 'waiting' : 'refused', reason };
}

/** Bitbucket has words alone for what its merge checks miss; a conflict somebody has to solve. */
function isPassing(body: Json | undefined): boolean {
  const said = JSON.stringify(body ?? '').toLowerCase();
  return (
    !said.includes('conflict') && /approv|build|pipeline|check|task|review|in progress|locked/.test(said)
  );
}
