import { listManifests, type Definitions } from '../definitions/manifest.ts';
import { isObject, type Json } from '../json.ts';
import { chooseChannel, parseMessageChannel, type MessageChannel } from '../messages/message-channel.ts';
import type { Problem } from '../problem.ts';
import { hasExpression } from '../template/split.ts';
import type { StepCatalogue } from './catalogue.ts';
import type { SourceStep } from './parse-steps.ts';

/** The channels a project can send messages to, and what is wrong with the manifests of others. */
export function readChannels(
  definitions: Definitions,
  project: string | undefined,
): { readonly channels: readonly MessageChannel[]; readonly problems: readonly Problem[] } {
  const manifests = [
    ...listManifests(definitions, 'MessageChannel', project),
    ...listManifests(definitions, 'ClusterMessageChannel'),
  ];
  const parsed = manifests.map(parseMessageChannel);
  return {
    channels: parsed.flatMap(({ channel }) => channel ?? []),
    problems: parsed.flatMap(({ problems }) => problems),
  };
}

/** Steps that send to a channel there is none of, as far as that can be known before they run. */
export function checkChannels(
  steps: readonly SourceStep[],
  catalogue: StepCatalogue,
  channels: readonly MessageChannel[],
): readonly Problem[] {
  return steps.flatMap(({ uses, alias, config, path, locate }) => {
    if (!catalogue.get(uses ?? '')?.channels || isOpen(config['destination']) || isOpen(config['channel']))
      return [];
    const chosen = chooseChannel(channels, config);
    if (typeof chosen !== 'string') return [];
    const key = config['destination'] === undefined ? 'channel' : 'destination';
    return [{ message: `step "${alias}" (${uses}): ${chosen}`, place: locate([...path, 'config', key]) }];
  });
}

function isOpen(value: Json | undefined): boolean {
  if (typeof value === 'string') return hasExpression(value);
  return isObject(value) && Object.values(value).some(isOpen);
}
