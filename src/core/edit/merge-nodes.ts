import { isAlias, isMap, isScalar, isSeq, Scalar, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { findMergeKey } from './merge-keys.ts';
import { renderScalar } from './render.ts';

/** Where a node stands: names of the maps above it, items of lists as `[]`, and the kind of the object they are part of. */
export interface MergePlace {
  readonly path: readonly string[];
  readonly object: KubernetesObject | undefined;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * What a later node makes of an earlier one, whose comments and style stay where that can be. Both are read as text
 * (schema failsafe); the later one has no aliases. The earlier one is changed.
 */
export function mergeNodes(
  base: unknown,
  overlay: unknown,
  { path, object }: MergePlace = { path: [], object: undefined },
): unknown {
  if (isMap(base) && isMap(overlay))
    return mergeMaps(base, overlay, { path, object: object ?? readObject(base) });
  if (isSeq(base) && isSeq(overlay)) return mergeLists(base, overlay, { path, object });
  if (isScalar(base) && isScalar(overlay)) return replaceScalar(base, overlay);
  return withoutNulls(overlay);
}

function mergeMaps(base: YAMLMap, overlay: YAMLMap, place: MergePlace): YAMLMap {
  const added: Pair[] = [];
  for (const pair of overlay.items) {
    const name = nameOf(pair.key);
    const old = base.items.findIndex(({ key }) => nameOf(key) === name);
    if (isNull(pair.value)) {
      if (old >= 0) base.items.splice(old, 1);
    } else if (old < 0) {
      pair.value = withoutNulls(pair.value);
      added.push(pair);
    } else {
      const kept = base.items[old]!;
      kept.value = isAlias(kept.value)
        ? pair.value
        : mergeNodes(kept.value, pair.value, { ...place, path: [...place.path, name] });
    }
  }
  added.sort((a, b) => (nameOf(a.key) < nameOf(b.key) ? -1 : 1));
  base.items.push(...added);
  return base;
}

/** Items are told apart by their merge key where their object has one, else the later list takes the place. */
function mergeLists(base: YAMLSeq, overlay: YAMLSeq, place: MergePlace): YAMLSeq {
  const key = findMergeKey(place);
  const isKeyed =
    key !== undefined && [...base.items, ...overlay.items].every((item) => keyOf(item, key) !== undefined);
  if (!isKeyed) {
    base.items = overlay.items;
    if (!base.flow && overlay.flow && overlay.items.length === 0) base.flow = true;
    else if (base.items.some((item) => !isScalar(item))) base.flow = overlay.flow ?? false;
    return base;
  }
  for (const item of overlay.items) {
    const old = base.items.findIndex((one) => keyOf(one, key) === keyOf(item, key));
    if (old < 0) base.items.push(item);
    else base.items[old] = mergeNodes(base.items[old], item, { ...place, path: [...place.path, '[]'] });
  }
  return base;
}

/** The later value with its type, in the earlier one's quotes where it is text in both. */
function replaceScalar(base: Scalar, overlay: Scalar): Scalar {
  const isText = [base, overlay].every(
    (one) => isQuoted(one) || (one.type === Scalar.PLAIN && renderScalar(String(one.value)) === one.value),
  );
  const fits = isQuoted(base) || renderScalar(String(overlay.value)) === overlay.value;
  if (isText && fits && base.type) overlay.type = base.type;
  const { comment } = overlay;
  if (!comment && base.comment) overlay.comment = base.comment;
  if (base.anchor) overlay.anchor = base.anchor;
  if (base.spaceBefore) overlay.spaceBefore = true;
  return overlay;
}

/** A null in what is new deletes nothing, and stays out. */
function withoutNulls(node: unknown): unknown {
  if (!isMap(node)) return node;
  node.items = node.items.filter(({ value }) => !isNull(value));
  for (const pair of node.items) pair.value = withoutNulls(pair.value);
  return node;
}

function isQuoted({ type }: Scalar): boolean {
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE;
}

function isNull(node: unknown): boolean {
  return node === null || (isScalar(node) && isPlainNull(node));
}

function isPlainNull({ type, value }: Scalar): boolean {
  return type === Scalar.PLAIN && /^(?:~|null|Null|NULL)?$/.test(String(value));
}

function readObject(map: YAMLMap): KubernetesObject | undefined {
  const [apiVersion, kind] = [map.get('apiVersion'), map.get('kind')];
  return typeof apiVersion === 'string' && typeof kind === 'string' ? { apiVersion, kind } : undefined;
}

/** The text that tells an item from others; undefined when it has none. */
function keyOf(item: unknown, key: readonly string[]): string | undefined {
  if (!isMap(item)) return undefined;
  const values = key.map((field) => item.get(field));
  return typeof values[0] === 'string' ? JSON.stringify(values) : undefined;
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : JSON.stringify(key);
}
