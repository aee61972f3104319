import type { Json } from '../../core/json.ts';
import { findText, textAt } from './answer-fields.ts';
import type { CloudRepository } from './bitbucket-cloud-repository.ts';
import { keyOf, readBuildState, buildStates } from './bitbucket-build.ts';
import type { CommitStatus } from './git-host.ts';

/** One of the same context takes the place of the last; Bitbucket insists on an address. */
export async function writeStatus(
  repository: CloudRepository,
  { commit, context, state, description, url }: CommitStatus,
  webURL: string,
): Promise<void> {
  await repository.ask({
    method: 'POST',
    path: `commit/${commit}/statuses/build`,
    body: {
      key: keyOf(context),
      name: context,
      state: buildStates[state],
      url: url ?? `${webURL}/commits/${commit}`,
      ...(description !== undefined && { description: description.slice(0, 255) }),
    },
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
  return all.map((answer) => readStatus(answer, commit));
}

function readStatus(answer: Json, commit: string): CommitStatus {
  const [description, url] = [findText(answer, 'description'), findText(answer, 'url')];
  return {
    commit,
    context: findText(answer, 'name') ?? textAt(answer, 'key'),
    state: readBuildState(textAt(answer, 'state')),
    ...(description !== undefined && { description }),
    ...(url !== undefined && { url }),
  };
}
