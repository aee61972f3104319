import { below, notFound, type Answer, type Route } from './github-routes.ts';
import type { GitHubState } from './github-server.ts';
import { comparison, gitCommit, problem, reference, type WireCommit } from './github-wire.ts';

/** GitHub's API of Git objects: references, commits, comparisons. */
export function createObjectRoutes(state: GitHubState): readonly Route[] {
  const { repository } = state;
  const refuse = (message: string): Answer => ({ status: 422, body: problem(message, 422) });
  return [
    {
      method: 'GET',
      path: below('/git/ref/(.+)'),
      answer: (_, [, ref]) => {
        const sha = repository.shaOf(`refs/${decodeURIComponent(ref!)}`);
        return sha === undefined ? notFound() : { status: 200, body: reference(`refs/${ref}`, sha) };
      },
    },
    {
      method: 'POST',
      path: below('/git/refs'),
      answer: ({ body }) => {
        const { ref, sha } = body as unknown as { readonly ref: string; readonly sha: string };
        if (repository.shaOf(ref) !== undefined) return refuse('Reference already exists');
        if (repository.shaOf(sha) === undefined) return refuse('Object does not exist');
        repository.git('update-ref', ref, sha);
        return { status: 201, body: reference(ref, sha) };
      },
    },
    {
      method: 'PATCH',
      path: below('/git/refs/(.+)'),
      answer: ({ body }, [, name]) => {
        const { sha, force = false } = body as unknown as { readonly sha: string; readonly force?: boolean };
        const ref = `refs/${decodeURIComponent(name!)}`;
        const old = repository.shaOf(ref);
        if (old === undefined) return refuse('Reference does not exist');
        if (!force && repository.between(sha, old).length > 0) return refuse('Update is not a fast forward');
        repository.git('update-ref', ref, sha);
        return { status: 200, body: reference(ref, sha) };
      },
    },
    {
      method: 'DELETE',
      path: below('/git/refs/(.+)'),
      answer: (_, [, name]) => {
        const ref = `refs/${decodeURIComponent(name!)}`;
        if (repository.shaOf(ref) === undefined) return refuse('Reference does not exist');
        repository.git('update-ref', '-d', ref);
        return { status: 204 };
      },
    },
    {
      method: 'POST',
      path: below('/git/commits'),
      answer: ({ body }) => {
        const made = body as unknown as WireCommit & { readonly author?: WireCommit['author'] };
        const sha = repository.writeCommit(made);
        return { status: 201, body: gitCommit(repository.readCommit(sha), made.author === undefined) };
      },
    },
    {
      method: 'GET',
      path: below('/compare/([^/]+?)\\.\\.\\.([^/]+)'),
      answer: ({ query }, [, from, to]) => {
        const [base, head] = [from, to].map((name) => repository.shaOf(decodeURIComponent(name!)));
        if (base === undefined || head === undefined) return notFound();
        const commits = repository.between(base, head);
        const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 250)];
        const shown = commits.slice((page - 1) * size, page * size).map((sha) => repository.readCommit(sha));
        const behind = repository.between(head, base).length;
        const mergeBase = repository.git('merge-base', '--', base, head);
        const parts = { base: repository.readCommit(base), mergeBase, ahead: commits.length, behind };
        return { status: 200, body: comparison(parts, shown) };
      },
    },
  ];
}
