import type { MergePlace } from './merge-nodes.ts';

/**
 * The fields that tell the items of a list in a Kubernetes object apart, as its API declares them; undefined for lists that
 * are replaced as a whole, and for objects of other APIs.
 */
export function findMergeKey({ path, object }: MergePlace): readonly string[] | undefined {
  if (!object || !ownApis.test(object.apiVersion)) return undefined;
  const name = path.at(-1) ?? '';
  if (name === 'ports') {
    if (path.includes('containers') || path.includes('initContainers')) return ['containerPort', 'protocol'];
    return object.kind === 'Service' ? ['port', 'protocol'] : undefined;
  }
  if (name === 'secrets') return object.kind === 'ServiceAccount' ? ['name'] : undefined;
  const key = keys[name];
  return key === undefined ? undefined : [key];
}

const ownApis =
  /^(?:v1|(?:apps|autoscaling|batch|extensions|policy)\/.+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.k8s\.io\/.+)$/;

const keys: Readonly<Record<string, string | undefined>> = {
  conditions: 'type',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  hostAliases: 'ip',
  imagePullSecrets: 'name',
  initContainers: 'name',
  ownerReferences: 'uid',
  resourceClaims: 'name',
  topologySpreadConstraints: 'topologyKey',
  volumeDevices: 'devicePath',
  volumeMounts: 'mountPath',
  volumes: 'name',
};
