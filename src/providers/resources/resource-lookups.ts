import { messageOf } from '../../core/errors.ts';
import { LookupFailed, type Lookups } from '../../core/promotion/environment.ts';
import type { ResourceFolder } from './resource-folder.ts';
import { credentialLabel, sharedNamespace, type Resource } from './resource.ts';

/** What expressions may read of Secrets and ConfigMaps. */
export type ResourceLookups = Pick<
  Lookups,
  'secret' | 'sharedSecret' | 'configMap' | 'sharedConfigMap' | 'place'
>;

/**
 * The Secrets and ConfigMaps a project may read, as they are now: its own, those replicated to all projects, and, by the
 * functions for them, the shared ones. Rejects with LookupFailed when the folder cannot be read.
 */
export async function readLookups(folder: ResourceFolder, project: string): Promise<ResourceLookups> {
  const resources = await folder.read().catch((error: unknown) => {
    throw new LookupFailed(messageOf(error), { cause: error });
  });
  const find = (kind: Resource['kind'], name: string, isMeant: (resource: Resource) => boolean) =>
    resources.find((resource) => resource.kind === kind && resource.name === name && isMeant(resource));
  // What all share belongs to no project: one of that name must not get at the rest of it.
  const isOwn = ({ namespace }: Resource) => namespace === project && project !== sharedNamespace;
  const own = (kind: Resource['kind']) => (name: string) =>
    (find(kind, name, isOwn) ?? find(kind, name, isReplicated))?.texts;
  return {
    secret: own('Secret'),
    configMap: own('ConfigMap'),
    sharedSecret: (name) =>
      find('Secret', name, (resource) => isShared(resource) && isGeneric(resource))?.texts,
    sharedConfigMap: (name) => find('ConfigMap', name, isShared)?.texts,
    place: (isOfAll) => `namespace ${isOfAll ? sharedNamespace : project} in ${folder.path}`,
  };
}

function isShared({ namespace }: Resource): boolean {
  return namespace === sharedNamespace;
}

/** Credentials for repositories are for the steps that use them, not for expressions of whoever asks. */
function isGeneric({ labels }: Resource): boolean {
  return labels[credentialLabel] === 'generic';
}

function isReplicated(resource: Resource): boolean {
  return isShared(resource) && resource.annotations['kargo.akuity.io/replicate-to'] === '*';
}
