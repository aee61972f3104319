import { TerminalError } from '../../core/errors.ts';
import { findText, isTrueAt, numberAt } from './answer-fields.ts';
import type { Webhook, Webhooks } from './git-host.ts';
import type { GitLabProject } from './gitlab-project.ts';

/** Webhooks of a project of GitLab. A secret that begins with `whsec_` is its signing token. */
export function createGitLabWebhooks(project: GitLabProject): Webhooks {
  return {
    async setWebhook(webhook) {
      const query = { per_page: 100 };
      const all = await project.list({
        method: 'GET',
        path: 'hooks',
        query,
        purpose: 'reading its webhooks',
      });
      const known = all.find((hook) => findText(hook, 'url') === webhook.url);
      const body = describe(webhook);
      const { body: made } = await (known === undefined
        ? project.ask({ method: 'POST', path: 'hooks', body, purpose: 'making a webhook' })
        : project.ask({
            method: 'PUT',
            path: `hooks/${numberAt(known, 'id')}`,
            body,
            purpose: 'changing its webhook',
            isRepeatable: true,
          }));
      // Versions that cannot sign leave the token out in silence.
      if ('signing_token' in body && !isTrueAt(made, 'signing_token_present'))
        throw new TerminalError(cannotSign);
      return known === undefined ? 'created' : 'updated';
    },
  };
}

const cannotSign =
  'the webhook is there, but this GitLab has no signing tokens: choose a secret that does not begin with whsec_';

function describe({ url, secret }: Webhook) {
  return {
    url,
    ...(secret.startsWith('whsec_') ? { signing_token: secret } : { token: secret }),
    push_events: false,
    merge_requests_events: true,
    enable_ssl_verification: true,
  } as const;
}
