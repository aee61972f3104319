import type { WebhookHost } from './host.ts';
import { readPullRequest } from './github.ts';
import { isSigned } from './signature.ts';

/** Gitea and Forgejo. */
export const gitea: WebhookHost = {
  events: ['Pull Request', 'Pull Request Synchronized', 'Pull Request Reviewed'],
  secretHint: 'Secret; POST with content type application/json',
  refuse: ({ headers }) =>
    (headers['x-gitea-event'] ?? headers['x-forgejo-event'])
      ? undefined
      : 'a delivery of Gitea or Forgejo has the header X-Gitea-Event',
  isAuthentic: (delivery, secret) =>
    isSigned(delivery, 'x-gitea-signature', secret, '') ||
    isSigned(delivery, 'x-forgejo-signature', secret, '') ||
    isSigned(delivery, 'x-hub-signature-256', secret),
  read({ headers }, payload, host) {
    const event = headers['x-gitea-event'] ?? headers['x-forgejo-event'];
    return readPullRequest(String(event), payload, host, actions);
  },
};

const actions: ReadonlySet<string> = new Set([
  'closed',
  'reopened',
  'edited',
  'synchronized',
  'reviewed',
  'review_requested_changes',
]);
