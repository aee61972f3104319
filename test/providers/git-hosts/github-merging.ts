import type { Answer } from './github-routes.ts';
import type { GitHubState } from './github-server.ts';
import { problem, type WireRequest } from './github-wire.ts';

/** https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request */
export function mergeRequest(
  state: GitHubState,
  request: WireRequest,
  mergeable: string,
  body: Readonly<Record<string, unknown>>,
): Answer {
  const { merge_method: method = 'merge', sha } = body as {
    readonly merge_method?: string;
    readonly sha?: string;
  };
  const { repository } = state;
  const [base, head] = [
    repository.shaOf(`refs/heads/${request.base}`)!,
    repository.shaOf(`refs/heads/${request.head}`)!,
  ];
  const refuse = (message: string, status = 405): Answer => ({ status, body: problem(message, status) });
  const planted = state.mergeRefusals.shift();
  if (planted !== undefined) return refuse(planted);
  if (request.merged || request.state === 'closed' || request.draft || mergeable === 'dirty')
    return refuse('Pull Request is not mergeable');
  if (!state.allowed.includes(method)) return refuse(`${words[method]} are not allowed on this repository.`);
  if (sha !== undefined && sha !== head)
    return refuse('Head branch was modified. Review and try the merge again.', 409);
  const commit = merge(state, method, base, head, request);
  repository.git('update-ref', `refs/heads/${request.base}`, commit);
  Object.assign(request, { merged: true, state: 'closed', mergeCommit: commit });
  return { status: 200, body: { sha: commit, merged: true, message: 'Pull Request successfully merged' } };
}

const words: Readonly<Record<string, string>> = {
  merge: 'Merge commits',
  squash: 'Squash merges',
  rebase: 'Rebase merges',
};

function merge(
  { repository, owner }: GitHubState,
  method: string,
  base: string,
  head: string,
  { number, title, head: branch }: WireRequest,
): string {
  const tree = repository.mergeTrees(base, head)!;
  if (method === 'squash')
    return repository.writeCommit({ tree, parents: [base], message: `${title} (#${number})` });
  if (method === 'merge') {
    const message = `Merge pull request #${number} from ${owner}/${branch}\n\n${title}`;
    return repository.writeCommit({ tree, parents: [base, head], message });
  }
  let parent = base;
  for (const commit of repository.between(base, head)) {
    const { message, author } = repository.readCommit(commit);
    parent = repository.writeCommit({
      tree: repository.mergeTrees(parent, commit)!,
      parents: [parent],
      message,
      author,
    });
  }
  return parent;
}
