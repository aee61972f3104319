import { findText, textAt } from './answer-fields.ts';
import { buildOf, keyOf, readBuild } from './bitbucket-build.ts';
import type { CloudRepository } from './bitbucket-cloud-repository.ts';
import type { CommitStatus } from './git-host.ts';

/** One of the same context takes the place of the last. */
export async function writeStatus(
  repository: CloudRepository,
  status: CommitStatus,
  webURL: string,
): Promise<void> {
  const { commit, context } = status;
  await repository.ask({
    method: 'POST',
    path: `commit/${commit}/statuses/build`,
    body: { key: keyOf(context), name: context, ...buildOf(status, webURL) },
    purpose: `writing status ${context}`,
    isRepeatable: true,
  });
}

export async function readStatuses(
  repository: CloudRepository,
  commit: string,
): Promise<readonly CommitStatus[]> {
  const path = `commit/${commit}/statuses`;
  const purpose = `reading statuses of ${commit}`;
  const all = await repository.list({ method: 'GET', path, query: { pagelen: 100 }, purpose });
  return all.map((answer) => readBuild(answer, commit, findText(answer, 'name') ?? textAt(answer, 'key')));
}
