import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLSeq } from 'yaml';
import type { YamlText } from './documents.ts';
import type { ScalarValue } from './render.ts';

/** What an edit was to change: nodes of the text as it was. */
export interface Changes {
  readonly values: ReadonlyMap<Scalar, ScalarValue>;
  readonly added: ReadonlyMap<YAMLSeq, readonly ScalarValue[]>;
}

/** Says whether a text, read again after an edit, holds the changes and is the same in everything else. */
export function isExactly(before: YamlText, after: YamlText, changes: Changes): boolean {
  return (
    before.documents.length === after.documents.length &&
    before.documents.every(({ contents }, index) =>
      isSame(contents, after.documents[index]!.contents, changes),
    )
  );
}

function isSame(before: unknown, after: unknown, changes: Changes): boolean {
  if (isScalar(before)) {
    return (
      isScalar(after) && hasSameMarks(before, after) && Object.is(plain(after), expected(before, changes))
    );
  }
  if (isAlias(before)) return isAlias(after) && before.source === after.source;
  if (isMap(before)) {
    return isMap(after) && hasSameMarks(before, after) && everyPair(before.items, after.items, changes);
  }
  if (isSeq(before)) {
    if (!isSeq(after) || !hasSameMarks(before, after)) return false;
    const added = changes.added.get(before) ?? [];
    const rest = after.items.slice(before.items.length);
    return (
      before.items.every((item, index) => isSame(item, after.items[index], changes)) &&
      rest.length === added.length &&
      rest.every((item, index) => isScalar(item) && Object.is(item.value, added[index]))
    );
  }
  // An empty document.
  return (before ?? null) === (after ?? null);
}

function expected(node: Scalar, { values }: Changes): unknown {
  const value = values.get(node);
  return value === undefined ? plain(node) : value;
}

/** Values that are no objects; a binary and its like by their text. */
function plain({ value, source }: Scalar): unknown {
  return typeof value === 'object' && value !== null ? source : value;
}

function hasSameMarks(before: Node, after: Node): boolean {
  const [a, b] = [before, after] as readonly { readonly anchor?: string; readonly tag?: string }[];
  return a!.anchor === b!.anchor && (a!.tag === b!.tag || isScalar(before));
}

function everyPair(before: readonly Pair[], after: readonly Pair[], changes: Changes): boolean {
  return (
    before.length === after.length &&
    before.every(
      ({ key, value }, index) =>
        isSame(key, after[index]!.key, changes) && isSame(value, after[index]!.value, changes),
    )
  );
}
