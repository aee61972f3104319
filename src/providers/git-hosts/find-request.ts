import type { Json } from '../../core/json.ts';
import type { PullRequest } from './git-host.ts';
import type { HostSession } from './session.ts';

/**
 * One pull request of a repository, as GitHub and Gitea have it; undefined when there is none of that number. Rejects
 * when the repository itself is what is not there.
 *
 * https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
 */
export async function findRequest(
  session: HostSession,
  root: string,
  number: number,
  read: (answer: Json) => PullRequest,
): Promise<PullRequest | undefined> {
  const purpose = `reading pull request #${number}`;
  const { status, body } = await session.ask(
    { method: 'GET', path: `${root}/pulls/${number}`, purpose },
    [404],
  );
  if (status !== 404) return read(body ?? null);
  await session.ask({ method: 'GET', path: root, purpose });
  return undefined;
}
