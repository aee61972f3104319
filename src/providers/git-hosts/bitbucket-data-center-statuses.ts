import { textAt } from './answer-fields.ts';
import { buildOf, readBuild } from './bitbucket-build.ts';
import type { DataCenterRepository } from './bitbucket-data-center-repository.ts';
import type { CommitStatus } from './git-host.ts';

/** One of the same key takes the place of the last. */
export async function writeStatus(
  repository: DataCenterRepository,
  status: CommitStatus,
  webURL: string,
): Promise<void> {
  const { commit, context } = status;
  const name = context.slice(0, 255);
  await repository.ask({
    method: 'POST',
    path: `commits/${commit}/builds`,
    body: { key: name, name, ...buildOf(status, webURL) },
    purpose: `writing status ${context}`,
    isRepeatable: true,
  });
}

export async function readStatuses(
  repository: DataCenterRepository,
  commit: string,
): Promise<readonly CommitStatus[]> {
  const all = await repository.listBuilds(commit);
  return all.map((answer) => readBuild(answer, commit, textAt(answer, 'key')));
}
