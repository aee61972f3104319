import type { Artifact, Image } from './freight.ts';

/** What a Warehouse found, the newest first in every list: what criteria for new Freight are evaluated over. */
export interface DiscoveredArtifacts {
  readonly git: readonly { readonly repoURL: string; readonly commits: readonly DiscoveredCommit[] }[];
  readonly images: readonly { readonly repoURL: string; readonly references: readonly DiscoveredImage[] }[];
  readonly charts: readonly {
    readonly repoURL: string;
    readonly name?: string;
    readonly versions: readonly string[];
  }[];
  readonly artifacts: readonly {
    readonly subscriptionName: string;
    readonly references: readonly Artifact[];
  }[];
}

export interface DiscoveredCommit {
  readonly id: string;
  readonly branch?: string;
  readonly tag?: string;
  readonly subject?: string;
  readonly author?: string;
  readonly committer?: string;
  /** RFC 3339. */
  readonly creatorDate?: string;
}

export interface DiscoveredImage extends Pick<Image, 'digest' | 'annotations'> {
  readonly tag: string;
  /** RFC 3339. */
  readonly createdAt?: string;
}
