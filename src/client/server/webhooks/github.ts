import type { Json } from '../../../core/json.ts';
import { ignored, type WebhookEvent, type WebhookHost } from './host.ts';
import { namesAt, namesOfURL, unique } from './names.ts';
import { numberAt, textAt } from './payload.ts';
import { isSigned } from './signature.ts';

/** GitHub and GitHub Enterprise Server. */
export const github: WebhookHost = {
  events: ['Pull requests', 'Pull request reviews'],
  secretHint: 'Secret; content type application/json',
  // Gitea sends GitHub's headers as well.
  refuse({ headers }) {
    if (headers['x-gitea-event'] ?? headers['x-forgejo-event'])
      return 'this is a delivery of Gitea or Forgejo: send it to the path of gitea';
    return headers['x-github-event'] ? undefined : 'a delivery of GitHub has the header X-GitHub-Event';
  },
  isAuthentic: (delivery, secret) => isSigned(delivery, 'x-hub-signature-256', secret),
  read({ headers }, payload, host) {
    return readPullRequest(String(headers['x-github-event']), payload, host, actions);
  },
};

/** Reads what GitHub and those that copied it send: `action`, `pull_request`, `repository`. */
export function readPullRequest(
  event: string,
  payload: Json,
  host: string,
  wanted: ReadonlySet<string>,
): WebhookEvent {
  if (event === 'ping') return ignored('a ping: the webhook works');
  const action = textAt(payload, 'action');
  const number = numberAt(payload, 'pull_request', 'number') ?? numberAt(payload, 'number');
  if (!event.startsWith('pull_request') || number === undefined)
    return ignored(`event ${event} tells of no pull request`);
  if (!wanted.has(action)) return ignored(`nobody waits for action ${action}`);
  const names = unique([
    ...namesAt(host, textAt(payload, 'repository', 'full_name')),
    ...namesOfURL(textAt(payload, 'repository', 'html_url')),
  ]);
  return names.length > 0
    ? { kind: 'pullRequest', names, number, action }
    : ignored('it names no repository');
}

const actions: ReadonlySet<string> = new Set([
  'closed',
  'reopened',
  'edited',
  'synchronize',
  'ready_for_review',
  'converted_to_draft',
  'dequeued',
  'auto_merge_disabled',
  'submitted',
  'dismissed',
]);
