import type { Manifest } from '../definitions/manifest.ts';
import { suggest } from '../did-you-mean.ts';
import { Fields } from '../fields.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Problem } from '../problem.ts';

/** Where messages go, as a manifest MessageChannel or ClusterMessageChannel says. Nothing secret is in it. */
export interface MessageChannel {
  readonly kind: 'MessageChannel' | 'ClusterMessageChannel';
  readonly name: string;
  /** Name of the Secret; one of a ClusterMessageChannel is shared. */
  readonly secret?: string;
  readonly slack?: SlackChannel;
  readonly smtp?: SmtpChannel;
}

export interface SlackChannel {
  /** Where messages go that name no channel. */
  readonly channelID?: string;
  /** Of the API of another server that speaks Slack's; default Slack's own. */
  readonly baseURL?: string;
}

export interface SmtpChannel {
  readonly host: string;
  /** Default 587. */
  readonly port?: number;
  readonly from: string;
  readonly to?: readonly string[];
}

/** Reads the manifest of a channel; without problems there is one. */
export function parseMessageChannel({ kind, name, body, locate }: Manifest): {
  readonly channel?: MessageChannel;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const spec = new Fields(body, [], locate, problems).object('spec');
  if (!spec) {
    problems.push({ message: `${kind} ${JSON.stringify(name)} has no "spec"`, place: locate([]) });
    return { problems };
  }
  const secret = spec.object('secretRef')?.required('name');
  const slack = spec.object('slack');
  const smtp = spec.object('smtp');
  if ((slack === undefined) === (smtp === undefined) && problems.length === 0)
    spec.report('slack', `${kind} ${JSON.stringify(name)} needs one of "slack" and "smtp"`);
  const channel = {
    kind: kind as MessageChannel['kind'],
    name,
    ...(secret && { secret }),
    ...(slack && { slack: readSlack(slack) }),
    ...(smtp && { smtp: readSmtp(smtp) }),
  };
  spec.finish();
  return problems.length > 0 ? { problems } : { channel, problems };
}

function readSlack(fields: Fields): SlackChannel {
  const channelID = fields.text('channelID');
  const baseURL = fields.text('baseURL');
  fields.finish();
  return { ...(channelID && { channelID }), ...(baseURL && { baseURL }) };
}

function readSmtp(fields: Fields): SmtpChannel {
  const host = fields.required('host') ?? '';
  const port = fields.find('port');
  if (port !== undefined && !(Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536))
    fields.report('port', '"port" must be a whole number from 1 to 65535');
  const from = fields.required('from') ?? '';
  const to = fields.find('to');
  const list = typeof to === 'string' ? [to] : to;
  const isList = Array.isArray(list) && (list as readonly Json[]).every((item) => typeof item === 'string');
  if (list !== undefined && !isList) fields.report('to', '"to" must be an address, or a list of them');
  fields.finish();
  return {
    host,
    ...(typeof port === 'number' && { port }),
    from,
    ...(isList && { to: list as readonly string[] }),
  };
}

/**
 * The channel that a config means: `channel: {kind, name}`, or `destination` with the name of a channel or, when just one
 * of that kind exists, `slack` or `smtp`. A text says what is wrong.
 */
export function chooseChannel(
  channels: readonly MessageChannel[],
  { destination, channel }: JsonObject,
): MessageChannel | string {
  if (isObject(channel)) return byReference(channels, channel);
  if (typeof destination !== 'string' || destination === '')
    return 'destination is missing: name a MessageChannel, or write channel: {kind, name}';
  const named = channels.filter(({ name }) => name === destination);
  const [own = named[0]] = named.filter(({ kind }) => kind === 'MessageChannel');
  if (own) return own;
  const ofKind = channels.filter(({ slack, smtp }) =>
    destination === 'slack' ? slack : destination === 'smtp' && smtp,
  );
  if (ofKind.length === 1) return ofKind[0]!;
  const names = channels.map(({ name }) => name);
  if (ofKind.length > 1)
    return `destination ${JSON.stringify(destination)} could be any of ${ofKind.map(({ name }) => name).join(', ')}: write the name of one`;
  return `destination: there is no channel ${JSON.stringify(destination)}${suggest(destination, names) || known(names)}`;
}

function byReference(
  channels: readonly MessageChannel[],
  { kind, name }: JsonObject,
): MessageChannel | string {
  if (kind !== 'MessageChannel' && kind !== 'ClusterMessageChannel')
    return 'channel.kind must be "MessageChannel" or "ClusterMessageChannel"';
  if (typeof name !== 'string' || name === '') return 'channel.name is missing';
  const ofKind = channels.filter((channel) => channel.kind === kind);
  const names = ofKind.map((channel) => channel.name);
  const found = ofKind.find((channel) => channel.name === name);
  return (
    found ?? `channel: there is no ${kind} ${JSON.stringify(name)}${suggest(name, names) || known(names)}`
  );
}

function known(names: readonly string[]): string {
  return names.length > 0
    ? `; known: ${[...names].sort().join(', ')}`
    : '; the definitions hold none: add a manifest MessageChannel';
}
