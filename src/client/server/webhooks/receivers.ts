import { messageOf } from '../../../core/errors.ts';
import type { HostPattern } from '../../../providers/git-hosts/host-pattern.ts';
import { findPlace } from '../../../providers/git-hosts/host-place.ts';
import type { ResourceFolder } from '../../../providers/resources/resource-folder.ts';
import { sharedNamespace } from '../../../providers/resources/resource.ts';
import type { WebhookKind } from './hosts.ts';

/** One entry of the setting `webhooks`: a Git host whose webhooks are taken. */
export interface Receiver {
  readonly kind: WebhookKind;
  /** As in repository URLs, with its port where it has an unusual one. */
  readonly host: string;
  readonly secret: SecretReference;
}

/** An entry of a Secret in the folder of Secrets. */
export interface SecretReference {
  /** The project it belongs to: its deliveries reach only promotions of that project. Absent = shared, reaches all. */
  readonly project?: string;
  readonly name: string;
  readonly key: string;
}

/** Reads `HOST=SECRET/KEY` or `HOST=PROJECT/SECRET/KEY`, many with commas between. Throws an Error that names the entry and explains. */
export function parseReceivers(text: string, patterns: readonly HostPattern[]): readonly Receiver[] {
  const entries = text.split(',').map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => parseReceiver(entry, patterns));
}

function parseReceiver(entry: string, patterns: readonly HostPattern[]): Receiver {
  const [, host = '', reference = ''] = /^([^=\s]+)=(\S+)$/.exec(entry) ?? [];
  const parts = reference.split('/');
  const [key, name, project] = parts.toReversed();
  if (!host || !key || !name || parts.length > 3 || parts.includes(''))
    throw new Error(
      `${JSON.stringify(entry)} is no webhook: write HOST=SECRET/KEY, such as github.com=webhooks/github, or ` +
        'HOST=PROJECT/SECRET/KEY, and the secret itself into a Secret of the folder that --secrets names',
    );
  const secret = { name, key, ...(project !== undefined && project !== sharedNamespace && { project }) };
  return { ...findHost(host, patterns), secret };
}

function findHost(host: string, patterns: readonly HostPattern[]): Pick<Receiver, 'kind' | 'host'> {
  try {
    const { kind, host: name } = findPlace(`https://${host}/owner/name`, { patterns });
    return { kind, host: name };
  } catch (error) {
    const said = messageOf(error).replace(/name it in the step .*?, or let/, 'let');
    throw new Error(`${JSON.stringify(host)}: ${said}`, { cause: error });
  }
}

/** A receiver with its secret as it is now. */
export interface OpenReceiver extends Receiver {
  readonly value: string;
}

/** Finds the receivers that have a secret now. Reads the folder at most every two seconds; rejects when it cannot be read. */
export function createReceiverSource(
  receivers: readonly Receiver[],
  folder: Pick<ResourceFolder, 'read'> | undefined,
): () => Promise<readonly OpenReceiver[]> {
  let known: { readonly at: number; readonly open: Promise<readonly OpenReceiver[]> } | undefined;
  return () => {
    if (known && Date.now() - known.at < lifetime) return known.open;
    known = { at: Date.now(), open: openAll(receivers, folder) };
    return known.open;
  };
}

async function openAll(
  receivers: readonly Receiver[],
  folder: Pick<ResourceFolder, 'read'> | undefined,
): Promise<readonly OpenReceiver[]> {
  if (receivers.length === 0 || !folder) return [];
  const resources = await folder.read();
  return receivers.flatMap((receiver) => {
    const { project = sharedNamespace, name, key } = receiver.secret;
    const found = resources.find(
      (one) => one.kind === 'Secret' && one.namespace === project && one.name === name,
    );
    // A line end at the end is the editor's.
    const value = found?.texts[key]?.trim();
    return value ? [{ ...receiver, value }] : [];
  });
}

/** How a receiver's secret is called, for messages. */
export function explainSecret({ secret: { project = sharedNamespace, name, key } }: Receiver): string {
  return `entry ${JSON.stringify(key)} of Secret ${JSON.stringify(name)} in namespace ${project}`;
}

/** Milliseconds. */
const lifetime = 2000;
