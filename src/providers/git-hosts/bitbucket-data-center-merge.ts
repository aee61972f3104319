import type { Json } from '../../core/json.ts';
import { findText, isTrueAt, numberAt, objectsAt } from './answer-fields.ts';
import { readMergeCommit } from './bitbucket-data-center-pull-request.ts';
import { exceptionsOf, type DataCenterRepository } from './bitbucket-data-center-repository.ts';
import { explainAnswer } from './explain-answer.ts';
import type { MergeEnd, MergeOptions } from './git-host.ts';
import type { HostAnswer } from './host-request.ts';
import { callOrLook } from './lost-answer.ts';
import { refuseMethod } from './merge-method.ts';

/** Merges the version that was looked at, and nothing newer. */
export async function mergeInDataCenter(
  repository: DataCenterRepository,
  number: number,
  options: MergeOptions,
): Promise<MergeEnd> {
  const refusal = refuseMethod('bitbucket', options.method);
  if (refusal) return refusal;
  const found = await repository.findPullRequest(number);
  const obstacle = findObstacle(found, options) ?? (await askForVetoes(repository, number));
  if (obstacle) return obstacle;
  return callOrLook(
    () => merge(repository, number, numberAt(found, 'version'), options),
    async () => mergedOnly(await repository.findPullRequest(number)),
  );
}

async function merge(
  repository: DataCenterRepository,
  number: number,
  version: number,
  options: MergeOptions,
): Promise<MergeEnd> {
  const strategy = options.method === undefined ? undefined : strategies[options.method];
  const answer = await repository.ask(
    {
      method: 'POST',
      path: `pull-requests/${number}/merge`,
      query: { version },
      body: strategy === undefined ? {} : { strategyId: strategy },
      purpose: `merging pull request #${number}`,
    },
    [400, 409],
  );
  if (answer.status >= 300) return readRefusal(answer, options);
  return mergedOnly(answer.body) ?? { kind: 'waiting', reason: 'Bitbucket is merging it' };
}

const strategies: Readonly<Record<string, string>> = {
  fast_forward: 'ff-only',
  merge_commit: 'no-ff',
  squash: 'squash',
};

function findObstacle(found: Json | undefined, { headCommit }: MergeOptions): MergeEnd | undefined {
  if (found === undefined) return { kind: 'refused', reason: 'there is no pull request of that number' };
  const state = findText(found, 'state');
  const end = mergedOnly(found);
  if (end) return end;
  if (state !== 'OPEN') return { kind: 'refused', reason: 'it was declined' };
  if (headCommit !== undefined && findText(found, 'fromRef', 'latestCommit') !== headCommit)
    return { kind: 'refused', reason: `its head is no longer ${headCommit}` };
  return isTrueAt(found, 'draft') ? { kind: 'waiting', reason: 'it is a draft' } : undefined;
}

function mergedOnly(answer: Json | undefined): MergeEnd | undefined {
  if (findText(answer, 'state') !== 'MERGED') return undefined;
  const commit = readMergeCommit(answer);
  return { kind: 'merged', ...(commit !== undefined && { commit }) };
}

async function askForVetoes(repository: DataCenterRepository, number: number): Promise<MergeEnd | undefined> {
  const path = `pull-requests/${number}/merge`;
  const purpose = `asking whether pull request #${number} can be merged`;
  const { status, body } = await repository.ask({ method: 'GET', path, purpose }, [409]);
  // It moved on in between: merging says how.
  if (status === 409 || isTrueAt(body, 'canMerge')) return undefined;
  return readVetoes(body);
}

/** A conflict somebody has to solve; vetoes of checks and reviewers end by themselves. */
function readVetoes(body: Json | undefined): MergeEnd {
  if (isTrueAt(body, 'conflicted') || findText(body, 'outcome') === 'CONFLICTED')
    return { kind: 'refused', reason: 'it conflicts with its target' };
  const vetoes = objectsAt(body, 'vetoes').flatMap((veto) => findText(veto, 'summaryMessage') ?? []);
  return { kind: 'waiting', reason: vetoes.join('; ') || 'Bitbucket does not merge it yet' };
}

function readRefusal(answer: HostAnswer, { headCommit }: MergeOptions): MergeEnd {
  const [error] = objectsAt(answer.body, 'errors');
  const names = exceptionsOf(answer).join(' ');
  if (names.includes('PullRequestMergeVetoedException')) return readVetoes(error);
  const reason = explainAnswer(answer);
  // Somebody changed it at the same moment; unless a commit is asked for, the next look takes it as it is then.
  const isPassing = headCommit === undefined && names.includes('PullRequestOutOfDateException');
  return { kind: isPassing ? 'waiting' : 'refused', reason };
}
