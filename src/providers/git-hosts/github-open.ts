import { TerminalError } from '../../core/errors.ts';
import { explainAnswer } from './explain-answer.ts';
import type { NewPullRequest, PullRequest } from './git-host.ts';
import { findPullRequests, readRequest } from './github-pull-request.ts';
import type { HostSession } from './session.ts';

/** https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request; one that somebody opened meanwhile is as good. */
export async function openPullRequest(
  session: HostSession,
  root: string,
  request: NewPullRequest,
): Promise<PullRequest> {
  const { source, target, title, description, assignees = [], isDraft = false } = request;
  await checkAssignees(session, root, assignees);
  const sent = {
    method: 'POST',
    path: `${root}/pulls`,
    body: {
      title,
      head: source,
      base: target,
      body: description,
      draft: isDraft,
      maintainer_can_modify: false,
    },
    purpose: `opening a pull request from ${source} to ${target}`,
  } as const;
  const answer = await session.ask(sent, [422]);
  if (answer.status === 422) {
    const isThere = /already exists/i.test(explainAnswer(answer));
    const [existing] = isThere ? await findPullRequests(session, root, request) : [];
    if (existing) return existing;
    throw session.refusal(sent, answer);
  }
  const opened = readRequest(answer.body);
  await decorate(session, root, opened.number, request);
  return opened;
}

/** GitHub passes over those who cannot be assigned. */
async function checkAssignees(
  session: HostSession,
  root: string,
  assignees: readonly string[],
): Promise<void> {
  for (const name of assignees) {
    const path = `${root}/assignees/${encodeURIComponent(name)}`;
    const purpose = `looking whether ${name} can be assigned`;
    const { status } = await session.ask({ method: 'GET', path, purpose }, [404]);
    if (status !== 404) continue;
    await session.ask({ method: 'GET', path: root, purpose });
    throw new TerminalError(
      `${name} cannot be assigned to pull requests of this repository: correct assignees`,
    );
  }
}

/** Labels that do not exist yet are made by GitHub. */
async function decorate(
  session: HostSession,
  root: string,
  number: number,
  { labels = [], assignees = [], reviewers = [] }: NewPullRequest,
): Promise<void> {
  const add = async (path: string, field: string, names: readonly string[]) => {
    if (names.length === 0) return;
    const purpose = `adding ${field} to pull request #${number}`;
    // Adding what is there already changes nothing.
    await session.ask({ method: 'POST', path, body: { [field]: names }, purpose, isRepeatable: true });
  };
  await add(`${root}/issues/${number}/labels`, 'labels', labels);
  await add(`${root}/issues/${number}/assignees`, 'assignees', assignees);
  await add(`${root}/pulls/${number}/requested_reviewers`, 'reviewers', reviewers);
}
