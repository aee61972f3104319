import type { JsonObject } from '../json.ts';

/** Where Freight comes from: a Warehouse. */
export interface Origin {
  readonly kind: 'Warehouse';
  readonly name: string;
}

export interface Commit {
  readonly repoURL: string;
  readonly id: string;
  readonly branch?: string;
  readonly tag?: string;
  readonly message?: string;
  readonly author?: string;
  readonly committer?: string;
  readonly subscriptionName?: string;
}

export interface Image {
  readonly repoURL: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly subscriptionName?: string;
}

export interface Chart {
  readonly repoURL: string;
  readonly name?: string;
  readonly version: string;
  readonly subscriptionName?: string;
}

export interface Artifact {
  readonly artifactType: string;
  readonly subscriptionName: string;
  readonly version: string;
  readonly metadata?: JsonObject;
}

/** A set of artifact revisions that moves through the Stages together. Immutable once named. */
export interface Freight {
  /** Kargo's hash of origin and artifacts (`freight-name.ts`), or the name that was given. */
  readonly name: string;
  /** Given, or derived from the name: always there (`freight-alias.ts`). */
  readonly alias: string;
  /** Absent for inline Freight that names no Warehouse. */
  readonly origin?: Origin;
  readonly commits: readonly Commit[];
  readonly images: readonly Image[];
  readonly charts: readonly Chart[];
  readonly artifacts: readonly Artifact[];
}

/** What a Warehouse watches; tells which origin an artifact belongs to. */
export interface Subscriptions {
  readonly origin: Origin;
  /** Repository URLs as written. */
  readonly git: readonly string[];
  readonly images: readonly string[];
  readonly charts: readonly { readonly repoURL: string; readonly name?: string }[];
  /** Names of generic subscriptions. */
  readonly artifacts: readonly string[];
}

/** Everything the Freight functions and steps search: frozen in the plan. */
export interface FreightSet {
  /** What is promoted. */
  readonly target: Freight;
  /** The target and what the Stage's other origins hold; the target is part of it. */
  readonly collection: readonly Freight[];
  /** Origins that the Stage requests, in its order. Empty without a Stage. */
  readonly origins: readonly Origin[];
  /** Subscriptions of those Warehouses that the definitions contain. */
  readonly warehouses: readonly Subscriptions[];
}
