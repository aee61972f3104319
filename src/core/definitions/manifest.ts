import type { Locate } from '../fields.ts';
import type { JsonObject } from '../json.ts';
import type { Problem } from '../problem.ts';

/** The API version whose kinds are read. */
export const apiVersion = 'kargo.akuity.io/v1alpha1';

/** That of the kinds which the commercial edition of Kargo adds. */
export const extendedApiVersion = 'ee.kargo.akuity.io/v1alpha1';

/** Every kind of Kargo's API group. */
export const kinds = [
  'Project',
  'ProjectConfig',
  'ClusterConfig',
  'Warehouse',
  'Freight',
  'Stage',
  'Promotion',
  'PromotionRequest',
  'PromotionTask',
  'ClusterPromotionTask',
  'Target',
  'MessageChannel',
  'ClusterMessageChannel',
] as const;

export type Kind = (typeof kinds)[number];

/** An object of the user's definitions that Gantry knows, and where each part of it is written. */
export interface Manifest {
  readonly kind: Kind;
  readonly name: string;
  /** The project it belongs to; absent = any. */
  readonly namespace?: string;
  readonly body: JsonObject;
  readonly locate: Locate;
}

/** Everything that was read, good or bad. */
export interface Definitions {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
  /** What was left aside, as notes and warnings: nothing is wrong with the rest. */
  readonly notes: readonly Problem[];
}

/** The manifests of a kind that a project can use: its own, and those that name no namespace. */
export function listManifests(definitions: Definitions, kind: Kind, project?: string): readonly Manifest[] {
  return definitions.manifests.filter(
    (manifest) =>
      manifest.kind === kind &&
      (isClusterScoped(kind) ||
        project === undefined ||
        manifest.namespace === undefined ||
        manifest.namespace === project),
  );
}

/** The manifest of that kind and name; one in the project's own namespace wins. */
export function findManifest(
  definitions: Definitions,
  kind: Kind,
  name: string,
  project?: string,
): Manifest | undefined {
  const found = listManifests(definitions, kind, project).filter((manifest) => manifest.name === name);
  return found.find((manifest) => manifest.namespace === project) ?? found[0];
}

const clusterScoped: readonly Kind[] = [
  'Project',
  'ClusterConfig',
  'ClusterPromotionTask',
  'ClusterMessageChannel',
];

/** Kinds that exist once, whatever the project. */
export function isClusterScoped(kind: Kind): boolean {
  return clusterScoped.includes(kind);
}

/** Says whether two manifests claim to be one object. */
export function isSameObject(one: Manifest, other: Manifest): boolean {
  return one.kind === other.kind && one.name === other.name && one.namespace === other.namespace;
}
