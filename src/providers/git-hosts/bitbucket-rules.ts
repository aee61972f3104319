import { TerminalError } from '../../core/errors.ts';
import type { NewPullRequest } from './git-host.ts';
import type { HostToken } from './git-hosts.ts';

/** Tokens of a repository, a project or a workspace go alone, those of people with their name; both editions alike. */
export function authorizationOf({ username = '', password }: HostToken): string {
  if (username === '' || username === 'x-token-auth') return `Bearer ${password}`;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Throws for what no edition of Bitbucket knows, all of it at once. */
export function refuseUnknown({ labels = [], assignees = [] }: NewPullRequest): void {
  const problems = [
    ...(labels.length > 0 ? ['Bitbucket has no labels for pull requests: leave out labels'] : []),
    ...(assignees.length > 0
      ? ['Bitbucket has no assignees of pull requests: leave out assignees, or name reviewers']
      : []),
  ];
  if (problems.length > 0) throw new TerminalError(problems.join('; '));
}
