import { natures, type Nature } from '../../../expression/nature.ts';
import { fromJson, textDict, type Value } from '../../../expression/values.ts';
import type { Artifact, Chart, Commit, Image, Origin } from '../../../freight/freight.ts';
import { NamedText, namedText } from './named-text.ts';
import { defineStructure, Structure } from './structure.ts';

const path = 'v1alpha1.';
const kindType = namedText(`${path}FreightOriginKind`);

export const originType = defineStructure(`${path}FreightOrigin`, 'Kind:kind Name:name', {
  natures: { Kind: { kind: 'native', native: kindType } },
});
export const commitType = defineStructure(
  `${path}GitCommit`,
  'RepoURL:repoURL ID:id Branch:branch Tag:tag Message:message Author:author Committer:committer SubscriptionName:subscriptionName',
  { natural: { of: 'commit', field: 'ID' } },
);
export const imageType = defineStructure(
  `${path}Image`,
  'RepoURL:repoURL Tag:tag Digest:digest Annotations:annotations SubscriptionName:subscriptionName',
  { natures: { Annotations: natures.texts }, natural: { of: 'image', field: 'Tag' } },
);
export const chartType = defineStructure(
  `${path}Chart`,
  'RepoURL:repoURL Name:name Version:version SubscriptionName:subscriptionName',
  { natural: { of: 'chart', field: 'Version' } },
);
export const artifactType = defineStructure(
  `${path}ArtifactReference`,
  'ArtifactType SubscriptionName Version Metadata',
  { natures: { Metadata: natures.map } },
);

/** The static type of values of a record. */
export function natureOfStructure(native: typeof commitType): Nature {
  return { kind: 'native', native };
}

export function toOrigin({ kind, name }: Origin): Value {
  return new Structure(originType, { Kind: new NamedText(kindType, kind), Name: name });
}

export function toCommit(commit: Commit): Value {
  const {
    repoURL,
    id,
    branch = '',
    tag = '',
    message = '',
    author = '',
    committer = '',
    subscriptionName = '',
  } = commit;
  return new Structure(commitType, {
    RepoURL: repoURL,
    ID: id,
    Branch: branch,
    Tag: tag,
    Message: message,
    Author: author,
    Committer: committer,
    SubscriptionName: subscriptionName,
  });
}

export function toImage({
  repoURL,
  tag = '',
  digest = '',
  annotations = {},
  subscriptionName = '',
}: Image): Value {
  return new Structure(imageType, {
    RepoURL: repoURL,
    Tag: tag,
    Digest: digest,
    Annotations: textDict(annotations),
    SubscriptionName: subscriptionName,
  });
}

export function toChart({ repoURL, name = '', version, subscriptionName = '' }: Chart): Value {
  return new Structure(chartType, {
    RepoURL: repoURL,
    Name: name,
    Version: version,
    SubscriptionName: subscriptionName,
  });
}

export function toArtifact({ artifactType: type, subscriptionName, version, metadata }: Artifact): Value {
  return new Structure(artifactType, {
    ArtifactType: type,
    SubscriptionName: subscriptionName,
    Version: version,
    Metadata: metadata === undefined ? null : fromJson(metadata),
  });
}
