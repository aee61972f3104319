import { ignored, type WebhookHost } from './host.ts';
import { namesAt, namesOfURL, unique } from './names.ts';
import { numberAt, textAt } from './payload.ts';
import { isSameText, isSignedInTime } from './signature.ts';

/** GitLab, of gitlab.com and self-managed. A secret that begins with `whsec_` is a signing token. */
export const gitlab: WebhookHost = {
  events: ['Merge request events'],
  secretHint: 'Secret token, or Signing token for a secret that begins with whsec_',
  refuse: ({ headers }) =>
    headers['x-gitlab-event'] ? undefined : 'a delivery of GitLab has the header X-Gitlab-Event',
  isAuthentic(delivery, secret, now) {
    if (secret.startsWith('whsec_')) return isSignedInTime(delivery, secret, now);
    const token = delivery.headers['x-gitlab-token'];
    return typeof token === 'string' && isSameText(token, secret);
  },
  read(_delivery, payload, host) {
    const kind = textAt(payload, 'object_kind');
    const number = numberAt(payload, 'object_attributes', 'iid');
    if (kind !== 'merge_request' || number === undefined)
      return ignored(`event ${kind} tells of no merge request`);
    const action = textAt(payload, 'object_attributes', 'action');
    if (!actions.has(action)) return ignored(`nobody waits for action ${action}`);
    const names = unique([
      ...namesAt(host, textAt(payload, 'project', 'path_with_namespace')),
      ...namesOfURL(textAt(payload, 'project', 'web_url')),
    ]);
    return names.length > 0
      ? { kind: 'pullRequest', names, number, action }
      : ignored('it names no repository');
  },
};

const actions: ReadonlySet<string> = new Set([
  'close',
  'merge',
  'reopen',
  'update',
  'approved',
  'unapproved',
  'approval',
  'unapproval',
]);
