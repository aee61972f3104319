import type { Json } from '../../../core/json.ts';
import { ignored, type WebhookHost } from './host.ts';
import { namesAt, unique } from './names.ts';
import { numberAt, textAt } from './payload.ts';
import { isSigned } from './signature.ts';

/** Bitbucket Cloud and Data Center. */
export const bitbucket: WebhookHost = {
  events: [
    'Pull request: merged, declined, updated, approved (Data Center: modified, source branch updated)',
  ],
  secretHint: 'Secret',
  refuse: ({ headers }) =>
    headers['x-event-key'] ? undefined : 'a delivery of Bitbucket has the header X-Event-Key',
  isAuthentic: (delivery, secret) => isSigned(delivery, 'x-hub-signature', secret),
  read({ headers }, payload, host) {
    const event = String(headers['x-event-key']);
    const number = numberAt(payload, 'pullrequest', 'id') ?? numberAt(payload, 'pullRequest', 'id');
    if (number === undefined) return ignored(`event ${event} tells of no pull request`);
    if (!events.has(event)) return ignored(`nobody waits for event ${event}`);
    const names = unique([...cloudNames(payload), ...dataCenterNames(payload, host)]);
    return names.length > 0
      ? { kind: 'pullRequest', names, number, action: event }
      : ignored('it names no repository');
  },
};

function cloudNames(payload: Json): readonly string[] {
  return namesAt('bitbucket.org', textAt(payload, 'repository', 'full_name'));
}

/** Which host it is may stand nowhere: then the receiver knows. */
function dataCenterNames(payload: Json, host: string): readonly string[] {
  const repository = ['pullRequest', 'toRef', 'repository'] as const;
  const [slug, project] = [
    textAt(payload, ...repository, 'slug'),
    textAt(payload, ...repository, 'project', 'key'),
  ];
  if (!slug || !project) return [];
  const path = `${project}/${slug}`;
  const page = textAt(payload, 'pullRequest', 'links', 'self', 0, 'href');
  return [...namesAt(host, path), ...(URL.canParse(page) ? namesAt(new URL(page).host, path) : [])];
}

const events: ReadonlySet<string> = new Set([
  'pullrequest:fulfilled',
  'pullrequest:rejected',
  'pullrequest:updated',
  'pullrequest:approved',
  'pullrequest:unapproved',
  'pr:merged',
  'pr:declined',
  'pr:deleted',
  'pr:modified',
  'pr:from_ref_updated',
  'pr:reviewer:approved',
  'pr:reviewer:unapproved',
]);
