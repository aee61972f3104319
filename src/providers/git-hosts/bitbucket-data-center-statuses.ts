import type { Json } from '../../core/json.ts';
import { findText, textAt } from './answer-fields.ts';
import { buildStates, readBuildState } from './bitbucket-build.ts';
import type { DataCenterRepository } from './bitbucket-data-center-repository.ts';
import type { CommitStatus } from './git-host.ts';

/** One of the same key takes the place of the last; Bitbucket insists on an address. */
export async function writeStatus(
  repository: DataCenterRepository,
  { commit, context, state, description, url }: CommitStatus,
  webURL: string,
): Promise<void> {
  await repository.ask({
    method: 'POST',
    path: `commits/${commit}/builds`,
    body: {
      key: context.slice(0, 255),
      name: context.slice(0, 255),
      state: buildStates[state],
      url: url ?? `${webURL}/commits/${commit}`,
      ...(description !== undefined && { description: description.slice(0, 255) }),
    },
    purpose: `writing status ${context}`,
    isRepeatable: true,
  });
}

export async function readStatuses(
  repository: DataCenterRepository,
  commit: string,
): Promise<readonly CommitStatus[]> {
  return (await repository.listBuilds(commit)).map((answer) => readStatus(answer, commit));
}

function readStatus(answer: Json, commit: string): CommitStatus {
  const [description, url] = [findText(answer, 'description'), findText(answer, 'url')];
  return {
    commit,
    context: textAt(answer, 'key'),
    state: readBuildState(textAt(answer, 'state')),
    ...(description !== undefined && { description }),
    ...(url !== undefined && { url }),
  };
}
