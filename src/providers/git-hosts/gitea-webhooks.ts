import { findText, numberAt } from './answer-fields.ts';
import type { Webhooks } from './git-host.ts';
import type { HostSession } from './session.ts';

/** Webhooks of a repository at Gitea or Forgejo. */
export function createGiteaWebhooks(session: HostSession, root: string): Webhooks {
  const path = `${root}/hooks`;
  return {
    async setWebhook({ url, secret }) {
      const query = { limit: 50 };
      const all = await session.list({ method: 'GET', path, query, purpose: 'reading its webhooks' });
      const old = all.filter((hook) => findText(hook, 'config', 'url') === url);
      const config = { url, content_type: 'json', secret };
      const body = { type: 'gitea', active: true, events: ['pull_request'], config };
      await session.ask({ method: 'POST', path, body, purpose: 'making a webhook' });
      // An edit leaves the secret as it was; two at a time do no harm.
      for (const hook of old) {
        const purpose = 'removing the webhook that was there';
        await session.ask({ method: 'DELETE', path: `${path}/${numberAt(hook, 'id')}`, purpose }, [404]);
      }
      return old.length > 0 ? 'updated' : 'created';
    },
  };
}
