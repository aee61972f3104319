import { TerminalError } from '../../core/errors.ts';
import { textAt } from './answer-fields.ts';
import { explainAnswer } from './explain-answer.ts';
import type { HostedCommits } from './git-host.ts';
import type { HostSession } from './session.ts';

/** Commits that GitHub makes, and signs where nobody else is named as their author. */
export function createGitHubCommits(session: HostSession, root: string): HostedCommits {
  return {
    /** https://docs.github.com/en/rest/git/commits#create-a-commit */
    async makeCommit({ tree, parents, message, author, committer }) {
      const people = author ? { author: { ...author }, committer: { ...(committer ?? author) } } : {};
      const { body } = await session.ask({
        method: 'POST',
        path: `${root}/git/commits`,
        body: { tree, parents, message, ...people },
        purpose: 'making a commit',
        // One that no branch holds is nothing.
        isRepeatable: true,
      });
      return textAt(body, 'sha');
    },
    /** https://docs.github.com/en/rest/git/refs */
    async pointBranch(branch, sha, { isNew, force }) {
      const purpose = `moving branch ${branch}`;
      const request = isNew
        ? ({ method: 'POST', path: `${root}/git/refs`, body: { ref: `refs/heads/${branch}`, sha } } as const)
        : ({
            method: 'PATCH',
            path: `${root}/git/refs/heads/${escape(branch)}`,
            body: { sha, force },
          } as const);
      const answer = await session.ask({ ...request, purpose, isRepeatable: true }, [422]);
      if (answer.status < 300) return true;
      const said = explainAnswer(answer);
      if (/fast.forward|already exists|does not exist/i.test(said)) return false;
      throw new TerminalError(`${purpose}: ${said}`, { status: 'Errored' });
    },
    async removeRef(ref) {
      const path = `${root}/git/${escape(ref)}`;
      await session.ask(
        { method: 'DELETE', path, purpose: `removing ${ref}`, isRepeatable: true },
        [404, 422],
      );
    },
  };
}

function escape(ref: string): string {
  return ref.split('/').map(encodeURIComponent).join('/');
}
