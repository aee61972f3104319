import { createHmac } from 'node:crypto';
import type { Json } from '../../../core/json.ts';
import { ignored, type WebhookHost } from './host.ts';
import { unique } from './names.ts';
import { numberAt, textAt } from './payload.ts';
import { isSameText } from './signature.ts';

/** Azure DevOps, and its Server. It signs nothing: the secret is the password of basic authentication, or in the address. */
export const azure: WebhookHost = {
  events: ['Pull request updated', 'Pull request merge attempted'],
  secretHint: 'Basic authentication password (any user name), or the address with the secret path',
  isAuthentic({ headers, tail }, secret) {
    if (tail !== undefined) return isSameText(tail, secretPath(secret));
    const [, encoded = ''] = /^Basic ([\w+/=-]+)$/i.exec(headers.authorization ?? '') ?? [];
    const [, password] = /^[^:]*:([^]*)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
    return password !== undefined && isSameText(password, secret);
  },
  read(_delivery, payload) {
    const event = textAt(payload, 'eventType');
    const number = numberAt(payload, 'resource', 'pullRequestId');
    if (!event.startsWith('git.pullrequest.') || number === undefined)
      return ignored(`event ${event} tells of no pull request`);
    if (event === 'git.pullrequest.created') return ignored(`nobody waits for event ${event}`);
    const names = namesOf(payload);
    if (names.length === 0) return ignored('it names no repository');
    return { kind: 'pullRequest', names, number, action: event };
  },
};

/** What stands in the address in place of the secret itself: addresses are logged on their way. */
export function secretPath(secret: string): string {
  return createHmac('sha256', secret).update('gantry webhooks azure').digest('hex');
}

/** `dev.azure.com/<organisation>/<project>/<repository>`, told by the addresses of the repository. */
function namesOf(payload: Json): readonly string[] {
  const repository = ['resource', 'repository'] as const;
  const [name, project] = [
    textAt(payload, ...repository, 'name'),
    textAt(payload, ...repository, 'project', 'name'),
  ];
  const urls = ['webUrl', 'remoteUrl', 'url'].map((field) => textAt(payload, ...repository, field));
  if (!name || !project) return [];
  return unique(
    urls.flatMap((url) => (URL.canParse(url) ? [`${above(new URL(url))}/${project}/${name}`] : [])),
  );
}

/** Host and organisation, or host and collection, of an address below them. */
function above({ host, hostname, pathname }: URL): string {
  const [, organisation] = /^([\w-]+)\.visualstudio\.com$/.exec(hostname) ?? [];
  if (organisation) return `dev.azure.com/${organisation}`;
  const parts = pathname.split('/').filter(Boolean).map(decode);
  const [git, api] = [parts.indexOf('_git'), parts.indexOf('_apis')];
  // The project stands before `_git`.
  const end = hostname === 'dev.azure.com' ? 1 : git >= 0 ? Math.max(git - 1, 1) : Math.max(api, 1);
  return [host, ...parts.slice(0, end)].join('/');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
