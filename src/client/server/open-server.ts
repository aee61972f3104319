import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../log.ts';
import type { HostPattern } from '../../providers/git-hosts/host-pattern.ts';
import { createResourceFolder } from '../../providers/resources/resource-folder.ts';
import type { Target } from '../connect.ts';
import { InvalidInput } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { startServer, type RunningServer } from './server.ts';
import { openServerTemporal } from './temporal.ts';
import { openToken } from './token.ts';
import { createReceiverSource, explainSecret, parseReceivers, type Receiver } from './webhooks/receivers.ts';

export interface OpenServerOptions {
  readonly settings: Settings;
  readonly target: Target;
  readonly hosts: readonly HostPattern[];
  readonly log: Log;
  readonly port: number;
}

/** A server by the settings; `close` also closes its connection to Temporal. InvalidInput where settings are wrong, or the address is taken. */
export async function openServer({
  settings,
  target,
  hosts,
  log,
  port,
}: OpenServerOptions): Promise<RunningServer> {
  const { serverHost: host } = settings;
  const publicURL = readPublicURL(settings);
  const receivers = readReceivers(settings, hosts);
  const folder =
    settings.secrets === undefined
      ? undefined
      : createResourceFolder(settings.secrets, (message) => log.warn(message));
  const source = createReceiverSource(receivers, folder);
  const token = await openToken(settings.data);
  await warnOfMissing(receivers, await source().catch(() => []), log);
  const temporal = openServerTemporal(target);
  try {
    const more = publicURL === undefined ? {} : { publicURL };
    const server = await startServer({ temporal, host, port, token, receivers: source, log, ...more });
    return {
      url: server.url,
      async close() {
        await server.close();
        await temporal.close();
      },
    };
  } catch (error) {
    await temporal.close();
    throw new InvalidInput(explainListen(`${host}:${port}`, error), { cause: error });
  }
}

/** The receivers that the setting `webhooks` names; InvalidInput says what is wrong with it. */
export function readReceivers(
  { webhooks, secrets, origins }: Pick<Settings, 'webhooks' | 'secrets' | 'origins'>,
  hosts: readonly HostPattern[],
): readonly Receiver[] {
  if (webhooks === undefined) return [];
  const origin = origins.webhooks ?? 'webhooks';
  if (secrets === undefined)
    throw new InvalidInput(
      `${origin}: the secrets of webhooks are in the folder that --secrets names: name it`,
    );
  try {
    return parseReceivers(webhooks, hosts);
  } catch (error) {
    throw new InvalidInput(`${origin}: ${messageOf(error)}`, { cause: error });
  }
}

/** The address that others use; undefined when the settings name none. InvalidInput when it is no address. */
export function readPublicURL({
  serverUrl: url,
  origins,
}: Pick<Settings, 'serverUrl' | 'origins'>): string | undefined {
  if (url === undefined || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return url;
  const origin = origins.serverUrl ?? 'server.url';
  throw new InvalidInput(
    `${origin} is ${JSON.stringify(url)}: write an address such as https://gantry.acme.example`,
  );
}

async function warnOfMissing(
  receivers: readonly Receiver[],
  open: readonly Receiver[],
  log: Log,
): Promise<void> {
  for (const receiver of receivers) {
    const isOpen = open.some(({ host, secret }) => host === receiver.host && secret === receiver.secret);
    const missing = explainSecret(receiver);
    if (!isOpen)
      log.warn('Webhooks are refused until their secret is there', { host: receiver.host, missing });
  }
}

function explainListen(address: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  const why = code === 'EADDRINUSE' ? 'another program listens there' : messageOf(error);
  return `The server cannot listen on ${address}: ${why}. Choose another with --server-host or --server-port`;
}
