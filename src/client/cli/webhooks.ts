import { InvalidInput } from '../errors.ts';
import type { Receiver } from '../server/webhooks/receivers.ts';
import { argument, defineCommand, option, settingOption, type Call } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { registerAll } from './register-webhooks.ts';
import { serverPort, usualServerPort } from './server.ts';
import { gitHostSettings } from './worker-options.ts';

interface WebhooksOptions {
  readonly register?: boolean;
  readonly project?: string;
}

export const webhooks = defineCommand<WebhooksOptions>({
  name: 'webhooks',
  summary:
    'Show what to configure at the Git hosts, so that promotions go on as soon as a pull request is merged',
  description: [
    'Each host that the setting webhooks names gets an address, a secret and events to choose there.',
    'Without webhooks promotions go on as well, only later: they look by themselves.',
    '',
    'With --register it is configured at the repositories, with the tokens of the folder of Secrets. A webhook that is',
    'there gets the secret and the events of today. GitHub, GitLab, Gitea and Forgejo; other hosts by hand.',
  ].join('\n'),
  arguments: [argument('[url...]', 'repositories to register at (default: what Secrets for Git name)')],
  options: [
    option('--register', 'set the webhooks of repositories'),
    option('--project <name>', 'register for this project (default: of named repositories none, else all)'),
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
    'gantry webhooks --register --server-url https://gantry.acme.example',
    'gantry webhooks --register https://github.com/acme/ops.git --project demo',
  ],
  async run(call) {
    const { args, options } = call;
    if (options.register) return registerAll(call, await findReceivers(call), await findBase(call));
    if (args.length > 0 || options.project !== undefined)
      throw new InvalidInput('repositories and --project belong to --register: add it');
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
  const { createReceiverSource, explainSecret } = await import('../server/webhooks/receivers.ts');
  const { webhookHosts } = await import('../server/webhooks/hosts.ts');
  const { webhookPath } = await import('../server/webhooks/routes.ts');
  const { createResourceFolder } = await import('../../providers/resources/resource-folder.ts');
  const receivers = await findReceivers(call);
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

/** Those of the settings; InvalidInput says how to name one where there is none. */
async function findReceivers({ settings }: Call): Promise<readonly Receiver[]> {
  const { patterns } = await gitHostSettings(settings);
  const { readReceivers } = await import('../server/open-server.ts');
  const receivers = readReceivers(settings, patterns);
  if (receivers.length === 0) throw new InvalidInput(explainNone);
  return receivers;
}

/** Where hosts find the server: as the settings say, else that of a running `gantry dev`, else where it would listen. */
async function findBase({ settings }: Call): Promise<string> {
  const { findDev } = await import('../../dev/dev.ts');
  const { readPublicURL } = await import('../server/open-server.ts');
  const given = readPublicURL(settings);
  const dev = given === undefined ? await findDev(settings.data) : undefined;
  const { serverHost: host } = settings;
  const own = `http://${host.includes(':') ? `[${host}]` : host}:${serverPort(settings) ?? usualServerPort}`;
  return (given ?? dev?.server ?? own).replace(/\/+$/, '');
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
