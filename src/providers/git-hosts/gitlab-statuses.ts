import type { Json } from '../../core/json.ts';
import { findText, textAt } from './answer-fields.ts';
import type { CommitStatus } from './git-host.ts';
import type { GitLabProject } from './gitlab-project.ts';

const words = { pending: 'pending', success: 'success', failure: 'failed' } as const;

export async function writeStatus(project: GitLabProject, status: CommitStatus): Promise<void> {
  const { commit, context, state, description, url } = status;
  const call = {
    method: 'POST',
    path: `statuses/${commit}`,
    body: {
      state: words[state],
      name: context,
      ...(description !== undefined && { description: description.slice(0, longestDescription) }),
      ...(url !== undefined && { target_url: url }),
    },
    purpose: `writing status ${context}`,
    isRepeatable: true,
  } as const;
  const answer = await project.ask(call, [400]);
  // What is pending cannot become pending.
  const isSaidAlready = /^cannot transition status/i.test(findText(answer.body, 'message') ?? '');
  if (answer.status === 400 && !isSaidAlready) throw project.refusal(call, answer);
}

const longestDescription = 255;

export async function readStatuses(project: GitLabProject, commit: string): Promise<readonly CommitStatus[]> {
  const path = `repository/commits/${commit}/statuses`;
  const purpose = `reading statuses of ${commit}`;
  const all = await project.list({ method: 'GET', path, query: { per_page: 100 }, purpose });
  return all.map((answer) => readStatus(answer, commit));
}

function readStatus(answer: Json, commit: string): CommitStatus {
  const [description, url] = [findText(answer, 'description'), findText(answer, 'target_url')];
  return {
    commit,
    context: textAt(answer, 'name'),
    state: readState(textAt(answer, 'status')),
    ...(description !== undefined && { description }),
    ...(url !== undefined && { url }),
  };
}

function readState(status: string): CommitStatus['state'] {
  if (status === 'success') return 'success';
  return status === 'failed' || status === 'canceled' ? 'failure' : 'pending';
}
