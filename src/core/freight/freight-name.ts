import { sha1 } from '../sha1.ts';
import type { Artifact, Chart, Commit, Freight, Image } from './freight.ts';
import { normalizeChartURL, normalizeGitURL } from './urls.ts';

/** Kargo's name of Freight: the same artifacts from the same Warehouse always give the same 40 digits. */
export function freightName(freight: Omit<Freight, 'name' | 'alias'>): string {
  const parts = [
    ...freight.commits.map(commitPart),
    ...freight.images.map(imagePart),
    ...freight.charts.map(chartPart),
    ...freight.artifacts.map(artifactPart),
  ].sort(byBytes);
  const origin = freight.origin ? `${freight.origin.kind}/${freight.origin.name}` : '/';
  return sha1(`${origin}:${parts.join('|')}`);
}

function commitPart({ repoURL, tag, id, subscriptionName }: Commit): string {
  return join(normalizeGitURL(repoURL), tag, id, subscriptionName);
}

function imagePart({ repoURL, tag, digest, subscriptionName }: Image): string {
  return join(`${repoURL}:${tag ?? ''}@${digest ?? ''}`, subscriptionName);
}

function chartPart({ repoURL, name, version, subscriptionName }: Chart): string {
  // As Go's path.Join: the double slash of a scheme does not survive it.
  const path = [normalizeChartURL(repoURL), name].filter(Boolean).join('/');
  return join(`${path.replace(/\/+/g, '/').replace(/\/$/, '')}:${version}`, subscriptionName);
}

function artifactPart({ artifactType, subscriptionName, version }: Artifact): string {
  return `${artifactType}:${subscriptionName}:${version}`;
}

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(':');
}

/** Go compares bytes; for UTF-8 that is the order of code points. */
function byBytes(one: string, other: string): number {
  const [left, right] = [Array.from(one), Array.from(other)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference) return difference;
  }
  return left.length - right.length;
}
