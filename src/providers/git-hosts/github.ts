import type { JsonObject } from '../../core/json.ts';
import { findText, objectsAt, textAt } from './answer-fields.ts';
import type { CommitStatus, HostedRepository } from './git-host.ts';
import type { HostParts } from './git-hosts.ts';
import { createGitHubCommits } from './github-commits.ts';
import { openGitHubSession } from './github-session.ts';
import { mergeAtGitHub } from './github-merge.ts';
import { openPullRequest } from './github-open.ts';
import { findRequest } from './find-request.ts';
import { findPullRequests, readRequest } from './github-pull-request.ts';
import { createGitHubWebhooks } from './github-webhooks.ts';

/** A repository at GitHub, GitHub Enterprise Cloud (`acme.ghe.com`) or Enterprise Server. */
export function openGitHubRepository(parts: HostParts): HostedRepository {
  const { name, root, session } = openGitHubSession(parts);
  return {
    kind: 'github',
    name,
    commits: createGitHubCommits(session, root),
    webhooks: createGitHubWebhooks(session, root),
    findPullRequests: (query) => findPullRequests(session, root, query),
    openPullRequest: (request) => openPullRequest(session, root, request),
    readPullRequest: (number) => findRequest(session, root, number, readRequest),
    async listOpenPullRequests() {
      const query = { state: 'open', sort: 'created', direction: 'asc', per_page: 100 };
      const purpose = 'listing its pull requests';
      const found = await session.list({ method: 'GET', path: `${root}/pulls`, query, purpose });
      return found.map(readRequest);
    },
    mergePullRequest: (number, options = {}) =>
      mergeAtGitHub({ session, root, signal: parts.signal }, number, options),
    async writeCommitStatus({ commit, context, state, description, url }) {
      await session.ask({
        method: 'POST',
        path: `${root}/statuses/${commit}`,
        body: {
          context,
          state,
          ...(description && { description: shorten(description) }),
          ...(url && { target_url: url }),
        },
        purpose: `writing the status of ${commit.slice(0, 8)}`,
      });
    },
    async readCommitStatuses(commit) {
      const purpose = `reading the statuses of ${commit.slice(0, 8)}`;
      const path = `${root}/commits/${commit}/status`;
      const request = { method: 'GET', path, query: { per_page: 100 }, purpose } as const;
      const found: CommitStatus[] = [];
      for await (const { body } of session.pages(request))
        found.push(...objectsAt(body, 'statuses').map((status) => readStatus(commit, status)));
      return found;
    },
  };
}

/** GitHub takes at most 140 characters. */
function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length <= 140 ? text : `${characters.slice(0, 139).join('')}…`;
}

function readStatus(commit: string, status: JsonObject): CommitStatus {
  const [description, url] = [findText(status, 'description'), findText(status, 'target_url')];
  const state = textAt(status, 'state');
  return {
    commit,
    context: textAt(status, 'context'),
    state: state === 'pending' || state === 'success' ? state : 'failure',
    ...(description !== undefined && { description }),
    ...(url !== undefined && { url }),
  };
}
