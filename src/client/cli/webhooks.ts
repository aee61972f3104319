import { InvalidInput } from '../errors.ts';
import { defineCommand, settingOption, type Call } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { serverPort, usualServerPort } from './server.ts';
import { gitHostSettings } from './worker-options.ts';

export const webhooks = defineCommand({
  name: 'webhooks',
  summary:
    'Show what to configure at the Git hosts, so that promotions go on as soon as a pull request is merged',
  description: [
    'Each host that the setting webhooks names gets an address, a secret and events to choose there.',
    'Without webhooks promotions go on as well, only later: they look by themselves.',
  ].join('\n'),
  options: [
    settingOption('webhooks'),
    settingOption('secrets'),
    settingOption('gitHosts'),
    settingOption('serverUrl'),
    settingOption('serverHost'),
    settingOption('serverPort'),
  ],
  examples: [
    'gantry webhooks',
    'gantry webhooks --secrets ./secrets --webhooks github.com=webhooks/github --server-url https://gantry.acme.example',
  ],
  async run(call) {
    const rows = await findWebhooks(call);
    await printResult(call, rows, () => explain(rows));
    return exitCodes.succeeded;
  },
});

/** What to configure at one host. Never the secret itself. */
interface WebhookRow {
  readonly host: string;
  readonly kind: string;
  readonly url: string;
  readonly contentType: string;
  /** Where the secret is kept, and whether it is there. */
  readonly secret: string;
  readonly hasSecret: boolean;
  /** What the settings page of the host calls the place for it. */
  readonly secretField: string;
  readonly events: readonly string[];
}

async function findWebhooks(call: Call): Promise<readonly WebhookRow[]> {
  const { settings } = call;
  const { patterns } = await gitHostSettings(settings);
  const { readReceivers } = await import('../server/open-server.ts');
  const { createReceiverSource, explainSecret } = await import('../server/webhooks/receivers.ts');
  const { webhookHosts } = await import('../server/webhooks/hosts.ts');
  const { webhookPath } = await import('../server/webhooks/routes.ts');
  const { createResourceFolder } = await import('../../providers/resources/resource-folder.ts');
  const receivers = readReceivers(settings, patterns);
  if (receivers.length === 0) throw new InvalidInput(explainNone);
  const open = await createReceiverSource(receivers, createResourceFolder(settings.secrets ?? ''))();
  const base = await findBase(call);
  return receivers.map((receiver) => {
    const { kind, host, secret } = receiver;
    const { events, secretHint } = webhookHosts[kind];
    return {
      host,
      kind,
      url: `${base}${webhookPath(kind)}`,
      contentType: 'application/json',
      secret: explainSecret(receiver),
      hasSecret: open.some((one) => one.host === host && one.secret === secret),
      secretField: secretHint,
      events,
    };
  });
}

/** Where hosts find the server: as the settings say, else that of a running `gantry dev`, else where it would listen. */
async function findBase({ settings }: Call): Promise<string> {
  const { findDev } = await import('../../dev/dev.ts');
  const dev = settings.serverUrl === undefined ? await findDev(settings.data) : undefined;
  const { serverHost: host } = settings;
  const own = `http://${host.includes(':') ? `[${host}]` : host}:${serverPort(settings) ?? usualServerPort}`;
  return (settings.serverUrl ?? dev?.server ?? own).replace(/\/+$/, '');
}

function explain(rows: readonly WebhookRow[]): string {
  return rows
    .map(({ host, kind, url, contentType, secret, hasSecret, secretField, events }) =>
      [
        `${host} (${kind})`,
        `  URL     ${url}`,
        `  Type    ${contentType}`,
        `  Secret  ${secret}${hasSecret ? '' : ': NOT THERE, deliveries are refused'}`,
        `  Field   ${secretField}`,
        `  Events  ${events.join(', ')}`,
      ].join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}

const explainNone = [
  'No webhooks are taken: name the Git hosts in gantry.yaml (or with --webhooks), and where their secret is:',
  '',
  '  secrets: ./secrets',
  '  webhooks:',
  '    - github.com=webhooks/github          # entry "github" of Secret "webhooks" in kargo-shared-resources',
  '    - git.acme.example=webhooks/gitea     # its kind as git.hosts says it',
].join('\n');
