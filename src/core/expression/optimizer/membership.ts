import { isPlain, natures } from '../nature.ts';
import type { Node } from '../tree.ts';
import { AnyDict, Dict, type Value } from '../values.ts';
import { binary, constant, wholeIn } from './nodes.ts';

/** `x in ["a", "b"]` becomes a look-up: what is no text is an error, nil is the empty text. */
export function lookUpInSet(node: Node): Node | undefined {
  if (node.kind !== 'binary' || node.operator !== 'in' || node.right.kind !== 'array') return undefined;
  const items = node.right.items.map((item) => (item.kind === 'constant' ? item.value : undefined));
  if (items.length === 0) return undefined;
  const set = isPlain(node.left.nature, 'int') ? wholeSet(items) : undefined;
  const found = set ?? textSet(items);
  return found && binary(node, 'in', node.left, constant(node.right, found));
}

/** A whole number in a range of constants needs no list. */
export function compareToRange(node: Node): Node | undefined {
  if (node.kind !== 'binary' || node.operator !== 'in' || !isPlain(node.left.nature, 'int')) return undefined;
  const { left, right: range } = node;
  if (range.kind !== 'binary' || range.operator !== '..') return undefined;
  if (wholeIn(range.left) === undefined || wholeIn(range.right) === undefined) return undefined;
  const least = binary(node, '>=', left, range.left, natures.bool);
  return binary(node, 'and', least, binary(node, '<=', left, range.right, natures.bool));
}

function wholeSet(items: readonly (Value | undefined)[]): AnyDict | undefined {
  return items.every((item) => typeof item === 'bigint')
    ? new AnyDict(items.map((item) => [item, true]))
    : undefined;
}

function textSet(items: readonly (Value | undefined)[]): Dict | undefined {
  return items.every((item) => typeof item === 'string')
    ? new Dict(new Map(items.map((item) => [item, true])))
    : undefined;
}
