import { isObject, type Json, type JsonObject } from '../json.ts';

/** Annotations by what they belong to. */
export interface Annotations {
  readonly index: Readonly<Record<string, string>>;
  readonly manifest: Readonly<Record<string, string>>;
}

/** Splits annotations by the prefix of their keys: `index:`, or `manifest:` and none. */
export function splitAnnotations(given: Readonly<Record<string, string>>): Annotations {
  const split = { index: {} as Record<string, string>, manifest: {} as Record<string, string> };
  for (const [key, value] of Object.entries(given)) {
    const [, prefix = 'manifest', name = key] = /^(index|manifest):(.*)$/s.exec(key) ?? [];
    split[prefix as keyof Annotations][name] = value;
  }
  return split;
}

/** The manifest with annotations added to those it has. */
export function annotate(document: JsonObject, added: Readonly<Record<string, string>>): JsonObject {
  if (Object.keys(added).length === 0) return document;
  const { annotations } = document;
  return { ...document, annotations: { ...(isObject(annotations) ? annotations : {}), ...added } };
}

/** What took the place of a manifest in an index. */
export interface Replacement {
  readonly digest: string;
  readonly size: number;
}

/** An index whose manifests were replaced, by their old digests; what refers to one of them follows. */
export function replaceManifests(index: JsonObject, replaced: ReadonlyMap<string, Replacement>): JsonObject {
  const manifests = Array.isArray(index['manifests']) ? (index['manifests'] as readonly Json[]) : [];
  return { ...index, manifests: manifests.map((one) => (isObject(one) ? replace(one, replaced) : one)) };
}

function replace(entry: JsonObject, replaced: ReadonlyMap<string, Replacement>): JsonObject {
  const { digest, annotations } = entry;
  const own = typeof digest === 'string' ? replaced.get(digest) : undefined;
  const about = isObject(annotations) ? annotations[reference] : undefined;
  const other = typeof about === 'string' ? replaced.get(about) : undefined;
  return {
    ...entry,
    ...own,
    ...(other && isObject(annotations) && { annotations: { ...annotations, [reference]: other.digest } }),
  };
}

const reference = 'vnd.docker.reference.digest';
