import { Buffer } from 'node:buffer';
import { isObject, type JsonObject } from '../../core/json.ts';

/** A Kubernetes `Secret` or `ConfigMap` of somebody's. */
export interface Resource {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  /** The project it belongs to, or the namespace of what all share. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Decoded. */
  readonly texts: Readonly<Record<string, string>>;
  /** Where it is written. */
  readonly file: string;
}

/** Tells the operator about a manifest that cannot be used; never with a value in it. */
export type Warn = (message: string) => void;

/** Kargo's label on Secrets: `git`, `helm`, `image`, or `generic` for those that are shared. */
export const credentialLabel = 'kargo.akuity.io/cred-type';

/** Where Kargo keeps what all projects share. Itself no project. */
export const sharedNamespace = 'kargo-shared-resources';

/** The Secrets and ConfigMaps of a document; lists are opened, everything else is left alone. */
export function readResources(manifest: unknown, file: string, warn: Warn): readonly Resource[] {
  if (!isObject(manifest)) return [];
  const { kind, items } = manifest;
  if (Array.isArray(items) && (kind === 'List' || kind === 'SecretList' || kind === 'ConfigMapList')) {
    const itemKind = kind.slice(0, -'List'.length);
    return items.flatMap((item: unknown) =>
      readResources(isObject(item) && itemKind ? { kind: itemKind, ...item } : item, file, warn),
    );
  }
  if (kind !== 'Secret' && kind !== 'ConfigMap') return [];
  const metadata = asObject(manifest['metadata']);
  const { name, namespace } = metadata;
  const called = `${file}: ${kind} ${JSON.stringify(name)}`;
  if (typeof name !== 'string' || !name) {
    warn(`${file}: a ${kind} has no name`);
    return [];
  }
  if (typeof namespace !== 'string' || !namespace) {
    warn(`${called} has no namespace, so it belongs to no project`);
    return [];
  }
  const labels = Object.fromEntries(texts(metadata['labels']));
  const annotations = Object.fromEntries(texts(metadata['annotations']));
  const data = kind === 'Secret' ? readSecret(manifest) : Object.fromEntries(texts(manifest['data']));
  return [{ kind, name, namespace, labels, annotations, texts: data, file }];
}

/** `stringData` wins over `data`, as in Kubernetes. */
function readSecret(manifest: JsonObject): Readonly<Record<string, string>> {
  const encoded = texts(manifest['data']).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString('utf8'),
  ]);
  return Object.fromEntries([...encoded, ...texts(manifest['stringData'])]);
}

function texts(value: unknown): readonly (readonly [string, string])[] {
  return Object.entries(asObject(value)).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text]] : [],
  );
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
