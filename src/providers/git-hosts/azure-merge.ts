import { setTimeout as wait } from 'node:timers/promises';
import type { Json } from '../../core/json.ts';
import { findText, isTrueAt } from './answer-fields.ts';
import { isAutomatic, readHead, readMergeCommit } from './azure-pull-request.ts';
import { typeOf, type AzureRepository } from './azure-repository.ts';
import { explainAnswer } from './explain-answer.ts';
import type { MergeEnd, MergeOptions } from './git-host.ts';
import type { HostAnswer } from './host-request.ts';
import { callOrLook } from './lost-answer.ts';
import { refuseMethod } from './merge-method.ts';

/** Completes a pull request; Azure DevOps does it in its own time, which is waited for. */
export async function mergeInAzure(
  repository: AzureRepository,
  number: number,
  options: MergeOptions,
  signal: AbortSignal,
): Promise<MergeEnd> {
  const { method } = options;
  const refusal = refuseMethod('azure', method);
  if (refusal) return refusal;
  const found = await repository.findPullRequest(number);
  const obstacle = findObstacle(found, options);
  if (obstacle) return obstacle;
  return callOrLook(
    async () => {
      const answer = await complete(repository, number, readHead(found), method);
      if (answer.status >= 300) return readRefusal(answer, options);
      return followCompletion(repository, number, signal);
    },
    async () => mergedOnly(await repository.findPullRequest(number)),
  );
}

function complete(
  repository: AzureRepository,
  number: number,
  head: string | undefined,
  method: string | undefined,
): Promise<HostAnswer> {
  return repository.ask(
    {
      method: 'PATCH',
      path: `pullrequests/${number}`,
      body: {
        status: 'completed',
        lastMergeSourceCommit: { commitId: head ?? null },
        ...(method !== undefined && { completionOptions: { mergeStrategy: method } }),
      },
      purpose: `completing pull request ${number}`,
    },
    [400, 403, 409],
  );
}

function findObstacle(found: Json | undefined, { headCommit }: MergeOptions): MergeEnd | undefined {
  if (found === undefined) return { kind: 'refused', reason: 'there is no pull request of that number' };
  const end = mergedOnly(found);
  if (end) return end;
  if (findText(found, 'status') === 'abandoned') return { kind: 'refused', reason: 'it was abandoned' };
  if (headCommit !== undefined && readHead(found) !== headCommit)
    return { kind: 'refused', reason: `its head is no longer ${headCommit}` };
  if (isTrueAt(found, 'isDraft')) return { kind: 'waiting', reason: 'it is a draft' };
  if (isAutomatic(found))
    return { kind: 'waiting', reason: 'it completes by itself when its policies are met' };
  const trial = findText(found, 'mergeStatus') ?? 'notSet';
  return trial === 'succeeded' ? undefined : { kind: 'waiting', reason: obstacles[trial] ?? trial };
}

const obstacles: Readonly<Record<string, string>> = {
  conflicts: 'it conflicts with its target',
  failure: 'the trial merge failed',
  notSet: 'Azure DevOps has not tried to merge it yet',
  queued: 'Azure DevOps is still trying to merge it',
  rejectedByPolicy: 'a policy of the branch is not met',
};

function mergedOnly(answer: Json | undefined): MergeEnd | undefined {
  if (findText(answer, 'status') !== 'completed') return undefined;
  const commit = readMergeCommit(answer);
  return { kind: 'merged', ...(commit !== undefined && { commit }) };
}

async function followCompletion(
  repository: AzureRepository,
  number: number,
  signal: AbortSignal,
): Promise<MergeEnd> {
  for (let look = 0; look < looks; look += 1) {
    if (look > 0) await wait(betweenLooks, undefined, { signal });
    const found = await repository.findPullRequest(number);
    const end = mergedOnly(found);
    // Also the service itself calls it completed before it is merged.
    if (end && (findText(found, 'mergeStatus') !== 'queued' || look === looks - 1)) return end;
    const failure = findText(found, 'mergeFailureMessage');
    const trial = findText(found, 'mergeStatus') ?? '';
    if (trial === 'failure') return { kind: 'refused', reason: failure ?? obstacles['failure']! };
    if (trial === 'conflicts' || trial === 'rejectedByPolicy')
      return { kind: 'waiting', reason: failure ?? obstacles[trial]! };
  }
  return { kind: 'waiting', reason: 'Azure DevOps is completing it' };
}

const looks = 10;
const betweenLooks = 1_000;

function readRefusal(answer: HostAnswer, { headCommit }: MergeOptions): MergeEnd {
  const [reason, type = ''] = [explainAnswer(answer), typeOf(answer)];
  if (type === 'GitPullRequestUpdateRejectedByPolicyException') return { kind: 'waiting', reason };
  // The source moved at the same moment.
  const isPassing = answer.status === 409 && headCommit === undefined;
  return { kind: isPassing ? 'waiting' : 'refused', reason };
}
