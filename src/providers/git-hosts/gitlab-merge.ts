import type { Json } from '../../core/json.ts';
import { findText, isTrueAt } from './answer-fields.ts';
import { explainAnswer } from './explain-answer.ts';
import type { MergeEnd, MergeOptions } from './git-host.ts';
import { isAutomatic, isBeingMerged, readMergeCommit } from './gitlab-merge-request.ts';
import type { GitLabProject } from './gitlab-project.ts';
import type { HostAnswer } from './host-request.ts';
import { callOrLook } from './lost-answer.ts';
import { refuseMethod } from './merge-method.ts';

/** Merges what GitLab calls mergeable; says of everything else why not. */
export async function mergeMergeRequest(
  project: GitLabProject,
  number: number,
  options: MergeOptions,
): Promise<MergeEnd> {
  const refusal = refuseMethod('gitlab', options.method);
  if (refusal) return refusal;
  const found = await project.findMergeRequest(number);
  if (found === undefined) return { kind: 'refused', reason: `there is no merge request !${number}` };
  const obstacle = findObstacle(found, options);
  if (obstacle) return obstacle;
  return callOrLook(
    () => accept(project, number, found, options),
    async () => mergedOnly(await project.findMergeRequest(number)),
  );
}

async function accept(
  project: GitLabProject,
  number: number,
  found: Json,
  options: MergeOptions,
): Promise<MergeEnd> {
  const { method } = options;
  const answer = await project.ask(
    {
      method: 'PUT',
      path: `merge_requests/${number}/merge`,
      // Newer projects insist on the commit.
      body: {
        sha: findText(found, 'sha') ?? null,
        ...(method !== undefined && { squash: method === 'squash' }),
      },
      purpose: `merging merge request !${number}`,
    },
    [401, 405, 406, 409, 422],
  );
  return readEnd(answer, options);
}

function findObstacle(found: Json, { headCommit }: MergeOptions): MergeEnd | undefined {
  const end = mergedOnly(found);
  if (end) return end;
  if (findText(found, 'state') === 'closed') return { kind: 'refused', reason: 'it is closed' };
  if (isBeingMerged(found)) return { kind: 'waiting', reason: 'GitLab is merging it' };
  if (headCommit !== undefined && findText(found, 'sha') !== headCommit)
    return { kind: 'refused', reason: `its head is no longer ${headCommit}` };
  if (isAutomatic(found))
    return { kind: 'waiting', reason: 'GitLab merges it by itself when its checks are done' };
  if (isTrueAt(found, 'draft') || isTrueAt(found, 'work_in_progress'))
    return { kind: 'waiting', reason: 'it is a draft' };
  // Before 15.6 there was only the short one.
  const status = findText(found, 'detailed_merge_status') ?? findText(found, 'merge_status') ?? 'unchecked';
  if (status === 'mergeable' || status === 'can_be_merged') return undefined;
  return { kind: 'waiting', reason: obstacles[status] ?? `GitLab says ${status}` };
}

/** https://docs.gitlab.com/api/merge_requests/#merge-status */
const obstacles: Readonly<Record<string, string>> = {
  approvals_syncing: 'its approvals are being counted',
  checking: 'GitLab is still checking it',
  ci_must_pass: 'its pipeline has to succeed',
  ci_still_running: 'its pipeline is running',
  cannot_be_merged: 'it conflicts with its target',
  commits_status: 'its source branch is gone or has no commits',
  conflict: 'it conflicts with its target',
  discussions_not_resolved: 'it has unresolved threads',
  draft_status: 'it is a draft',
  locked_lfs_files: 'somebody has locked its files',
  locked_paths: 'somebody has locked its files',
  merge_request_blocked: 'another merge request has to come first',
  merge_time: 'its time has not come',
  need_rebase: 'it has to be rebased',
  not_approved: 'it lacks approvals',
  preparing: 'GitLab is still preparing it',
  requested_changes: 'a reviewer wants changes',
  security_policy_pipeline_check: 'pipelines of a security policy have to succeed',
  security_policy_violations: 'it violates a security policy',
  status_checks_must_pass: 'its status checks have to succeed',
  unchecked: 'GitLab is still checking it',
};

function readEnd(answer: HostAnswer, { headCommit }: MergeOptions): MergeEnd {
  const { status, body } = answer;
  if (status < 300) return mergedOnly(body) ?? { kind: 'waiting', reason: 'GitLab is merging it' };
  const said = explainAnswer(answer);
  if (status === 401) return { kind: 'refused', reason: `the token may not merge into this branch: ${said}` };
  // The commit is another one than a moment ago.
  if (status === 409 && headCommit !== undefined) return { kind: 'refused', reason: said };
  return { kind: 'waiting', reason: said };
}

function mergedOnly(answer: Json | undefined): MergeEnd | undefined {
  if (findText(answer, 'state') !== 'merged') return undefined;
  const commit = readMergeCommit(answer);
  return { kind: 'merged', ...(commit !== undefined && { commit }) };
}
