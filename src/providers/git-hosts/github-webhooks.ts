import { findText, numberAt } from './answer-fields.ts';
import type { Webhooks } from './git-host.ts';
import type { HostSession } from './session.ts';

/** Webhooks of a repository at GitHub. */
export function createGitHubWebhooks(session: HostSession, root: string): Webhooks {
  const path = `${root}/hooks`;
  return {
    async setWebhook({ url, secret }) {
      const query = { per_page: 100 };
      const all = await session.list({ method: 'GET', path, query, purpose: 'reading its webhooks' });
      const known = all.find((hook) => findText(hook, 'config', 'url') === url);
      const events = ['pull_request', 'pull_request_review'];
      const config = { url, content_type: 'json', secret, insecure_ssl: '0' };
      const body = { active: true, events, config };
      if (known === undefined) {
        const made = { name: 'web', ...body };
        await session.ask({ method: 'POST', path, body: made, purpose: 'making a webhook' });
        return 'created';
      }
      const at = `${path}/${numberAt(known, 'id')}`;
      const purpose = 'changing its webhook';
      await session.ask({ method: 'PATCH', path: at, body, purpose, isRepeatable: true });
      return 'updated';
    },
  };
}
