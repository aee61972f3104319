import { fail } from '../../../expression/errors.ts';
import type { CallContext, Environment } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { timeNature } from '../../../expression/time/instant.ts';
import { parseAnyTime } from '../../../expression/time/parse-time.ts';
import { textDict, type Value } from '../../../expression/values.ts';
import type { DiscoveredArtifacts, DiscoveredCommit, DiscoveredImage } from '../../../freight/discovered.ts';
import { defineStructure, Structure } from '../freight/structure.ts';

/** An environment of criteria for new Freight. */
export interface DiscoveredEnvironment extends Environment {
  readonly discovered: DiscoveredArtifacts;
}

/** What a function is called over. */
export function discoveredOf({ environment }: CallContext): DiscoveredArtifacts {
  return (environment as DiscoveredEnvironment).discovered ?? fail('nothing was discovered here');
}

export const discoveredCommitType = defineStructure(
  'v1alpha1.DiscoveredCommit',
  'ID:id Branch:branch Tag:tag Subject:subject Author:author Committer:committer CreatorDate:creatorDate',
  { natures: { CreatorDate: timeNature } },
);
export const discoveredImageType = defineStructure(
  'v1alpha1.DiscoveredImageReference',
  'Tag:tag Digest:digest Annotations:annotations CreatedAt:createdAt',
  { natures: { Annotations: natures.texts, CreatedAt: timeNature } },
);

export function toDiscoveredCommit(commit: DiscoveredCommit): Value {
  return new Structure(discoveredCommitType, {
    ID: commit.id,
    Branch: commit.branch ?? '',
    Tag: commit.tag ?? '',
    Subject: commit.subject ?? '',
    Author: commit.author ?? '',
    Committer: commit.committer ?? '',
    CreatorDate: toTime(commit.creatorDate),
  });
}

export function toDiscoveredImage({ tag, digest = '', annotations = {}, createdAt }: DiscoveredImage): Value {
  return new Structure(discoveredImageType, {
    Tag: tag,
    Digest: digest,
    Annotations: textDict(annotations),
    CreatedAt: toTime(createdAt),
  });
}

function toTime(text: string | undefined): Value {
  return (text === undefined ? undefined : parseAnyTime(text)) ?? null;
}
