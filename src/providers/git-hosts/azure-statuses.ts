import type { Json } from '../../core/json.ts';
import { findText, objectsAt, textAt } from './answer-fields.ts';
import type { AzureRepository } from './azure-repository.ts';
import type { CommitStatus } from './git-host.ts';

const words = { pending: 'pending', success: 'succeeded', failure: 'failed' } as const;

/** What stands before the first slash of a context is its genre. */
export async function writeStatus(
  repository: AzureRepository,
  { commit, context, state, description, url }: CommitStatus,
): Promise<void> {
  const [, genre, name] = /^([^/]+)\/(.+)$/.exec(context) ?? [];
  await repository.ask({
    method: 'POST',
    path: `commits/${commit}/statuses`,
    body: {
      state: words[state],
      context: genre !== undefined && name !== undefined ? { genre, name } : { name: context },
      ...(description !== undefined && { description }),
      ...(url !== undefined && { targetUrl: url }),
    },
    purpose: `writing status ${context}`,
    isRepeatable: true,
  });
}

export async function readStatuses(
  repository: AzureRepository,
  commit: string,
): Promise<readonly CommitStatus[]> {
  const { body } = await repository.ask({
    method: 'GET',
    path: `commits/${commit}/statuses`,
    query: { latestOnly: true, top: 1_000 },
    purpose: `reading statuses of ${commit}`,
  });
  return objectsAt(body, 'value').map((answer) => readStatus(answer, commit));
}

function readStatus(answer: Json, commit: string): CommitStatus {
  const [genre, name] = [findText(answer, 'context', 'genre'), textAt(answer, 'context', 'name')];
  const [description, url] = [findText(answer, 'description'), findText(answer, 'targetUrl')];
  return {
    commit,
    context: genre === undefined ? name : `${genre}/${name}`,
    state: readState(findText(answer, 'state') ?? 'notSet'),
    ...(description !== undefined && { description }),
    ...(url !== undefined && { url }),
  };
}

function readState(state: string): CommitStatus['state'] {
  if (state === 'succeeded') return 'success';
  return state === 'failed' || state === 'error' ? 'failure' : 'pending';
}
