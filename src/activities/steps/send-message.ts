import { parse } from 'yaml';
import { messageOf, TerminalError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { chooseChannel, type MessageChannel } from '../../core/messages/message-channel.ts';
import { boolean, exact, object, oneOf, optional, string } from '../../core/schema/describe.ts';
import { Unsure } from '../../providers/messages/errors.ts';
import { postToSlack } from '../../providers/messages/slack.ts';
import { sendMail } from '../../providers/messages/smtp.ts';
import { defineStep, type StepWorld } from '../define-step.ts';

export const sendMessage = defineStep({
  kind: 'send-message',
  summary: 'Sends a message to Slack, or by mail.',
  description: [
    'Where to is said by a manifest `MessageChannel` of the project or a `ClusterMessageChannel` for all, of',
    '`ee.kargo.akuity.io/v1alpha1`:',
    '',
    '```text',
    'spec:',
    '  secretRef: { name: slack }          # token of a bot, or webhookURL; for mail: username and password',
    '  slack: { channelID: C0123456789 }   # or',
    '  smtp: { host: mail.example.com, port: 587, from: kargo@example.com, to: [team@example.com] }',
    '```',
    '',
    '`destination` is the name of such a channel, or `slack` or `smtp` where there is just one of that kind. A channel that',
    'does not exist is an error before the promotion starts. With the token of a bot a message can go to any Slack channel',
    'the bot may write to; a webhook has one of its own, and naming another is an error. `slack.baseURL` in the manifest',
    'leads to another server that speaks the API of Slack.',
    '',
    'The text is sent as it is written. A message that may have arrived is never sent again: the step then ends as Failed',
    'and says so. `continueOnError: true` keeps a message from stopping a promotion.',
  ].join('\n'),
  place: 'io',
  effect: 'external',
  repeatable: false,
  channels: true,
  timeout: 2 * 60_000,

  config: object({
    destination: optional(string('Name of a channel, or its kind: `slack` or `smtp`.')),
    channel: optional(
      exact('The Slack channel to post to, such as `#releases`; or the manifest to use, as {kind, name}.', [
        'string',
        'object',
      ]),
    ),
    message: string('The text.', { minLength: 1 }),
    encodingType: optional(
      oneOf(
        'The text holds everything: fields of Slack or of the mail, as JSON or YAML. Other options do not count then.',
        ['json', 'yaml'],
      ),
    ),
    slack: optional(
      object(
        {
          channelID: optional(string('The Slack channel to post to.')),
          threadTS: optional(string('Timestamp of the message to answer.')),
        },
        { description: 'What only Slack knows.' },
      ),
    ),
    smtp: optional(
      object(
        {
          to: optional(
            exact('An address, or a list of them; default those of the channel.', ['string', 'array']),
          ),
          subject: optional(string('The subject.')),
          html: optional(boolean('The text is HTML.', { default: false })),
        },
        { description: 'What only mail knows.' },
      ),
    ),
  }),

  outputs: object({
    slack: optional(
      object(
        { threadTS: string('Timestamp of the thread, for answers.') },
        { description: 'Where the message went.' },
      ),
    ),
  }),

  examples: [
    {
      title: 'Tell a Slack channel of a release',
      config: {
        destination: 'slack',
        channel: '#releases',
        message: '🚀 ${{ ctx.targetFreight.alias }} is in ${{ ctx.stage }}\n',
      },
    },
  ],

  async run(config, world) {
    const channel = chooseChannel(world.channels, config as JsonObject);
    if (typeof channel === 'string') throw new TerminalError(channel);
    try {
      return await (channel.slack ? sendToSlack(channel, config, world) : sendByMail(channel, config, world));
    } catch (error) {
      if (!(error instanceof Unsure)) throw error;
      throw new TerminalError(`the message may have been sent, and is not sent again: ${error.message}`, {
        cause: error,
      });
    }
  },
});

interface MessageConfig {
  readonly channel?: string | JsonObject;
  readonly message: string;
  readonly encodingType?: 'json' | 'yaml';
  readonly slack?: { readonly channelID?: string; readonly threadTS?: string };
  readonly smtp?: { readonly to?: unknown; readonly subject?: string; readonly html?: boolean };
}

async function sendToSlack(channel: MessageChannel, config: MessageConfig, world: StepWorld) {
  const { token, apiKey, webhookURL } = await readSecret(channel, world);
  const bot = token ?? apiKey;
  const own = channel.slack?.channelID;
  const body = slackBody(config);
  const wanted = body['channel'];
  if (bot === undefined && webhookURL === undefined)
    throw new TerminalError(`Secret ${JSON.stringify(channel.secret)} has neither token nor webhookURL`);
  if (bot === undefined && wanted !== undefined && wanted !== own)
    throw new TerminalError(
      `${channel.name} is a webhook, which has one Slack channel${own ? ` (${own})` : ''}: leave channel out, or put the token of a bot into its Secret`,
    );
  if (bot !== undefined && wanted === undefined && own === undefined)
    throw new TerminalError(`channel is missing, and ${channel.name} has no slack.channelID`);
  const { baseURL = 'https://slack.com/api' } = channel.slack ?? {};
  const to = bot === undefined ? { webhook: webhookURL!.trim() } : { token: bot.trim(), baseURL };
  const target = bot === undefined ? {} : { channel: wanted ?? own };
  const posted = await postToSlack(world.http, { body: { ...body, ...target }, to });
  const threadTS = typeof body['thread_ts'] === 'string' ? body['thread_ts'] : posted;
  return { output: threadTS === undefined ? {} : { slack: { threadTS } } };
}

function slackBody({ channel, message, encodingType, slack = {} }: MessageConfig): JsonObject {
  if (encodingType) return decode(message, encodingType);
  const wanted = slack.channelID ?? (typeof channel === 'string' ? channel : undefined);
  return {
    text: message,
    ...(wanted && { channel: wanted }),
    ...(slack.threadTS && { thread_ts: slack.threadTS }),
  };
}

async function sendByMail(channel: MessageChannel, config: MessageConfig, world: StepWorld) {
  const { host, port = 587, from, to = [] } = channel.smtp!;
  const { username: user, password } = channel.secret === undefined ? {} : await readSecret(channel, world);
  const { message, encodingType, smtp = {} } = config;
  const told: JsonObject = encodingType
    ? decode(message, encodingType)
    : { ...(smtp as JsonObject), body: message };
  const receivers = told['to'] === undefined ? to : [told['to']].flat().map(String);
  if (receivers.length === 0) throw new TerminalError(`smtp.to is missing, and ${channel.name} has none`);
  const { project, stage } = world.promotion;
  const mail = {
    from,
    to: receivers,
    subject: typeof told['subject'] === 'string' ? told['subject'] : `Promotion to ${stage} of ${project}`,
    body: typeof told['body'] === 'string' ? told['body'] : '',
    isHtml: told['html'] === true,
  };
  const login = { ...(user !== undefined && { user }), ...(password !== undefined && { password }) };
  await sendMail({ host, port, ...login }, mail, world.signal);
  return { output: {} };
}

async function readSecret(
  { kind, name, secret }: MessageChannel,
  { findSecret }: StepWorld,
): Promise<Readonly<Record<string, string>>> {
  if (secret === undefined) throw new TerminalError(`${kind} ${JSON.stringify(name)} has no secretRef`);
  const found = await findSecret(secret, kind === 'ClusterMessageChannel');
  if (found) return found;
  throw new TerminalError(
    `Secret ${JSON.stringify(secret)} of ${kind} ${JSON.stringify(name)} does not exist`,
  );
}

function decode(text: string, type: 'json' | 'yaml'): JsonObject {
  try {
    const value: unknown = type === 'json' ? JSON.parse(text) : parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    throw new TerminalError(`message is not ${type.toUpperCase()}: ${messageOf(error)}`, { cause: error });
  }
  throw new TerminalError(`message is no ${type.toUpperCase()} object`);
}
