import { natureOf } from '../checker/nature-of.ts';
import type { Nature } from '../nature.ts';
import type { BinaryNode, BuiltinNode, ConstantNode, Node } from '../tree.ts';
import type { Value } from '../values.ts';

/** A constant in the place of a node. */
export function constant(place: Node, value: Value): ConstantNode {
  return { kind: 'constant', value, nature: natureOf(value), start: place.start, end: place.end };
}

/** A binary operation in the place of a node, of that node's nature unless another is given. */
export function binary(place: Node, operator: string, left: Node, right: Node, nature?: Nature): BinaryNode {
  const { start, end } = place;
  const known = nature ?? place.nature;
  return { kind: 'binary', operator, left, right, start, end, ...(known && { nature: known }) };
}

/** A builtin call in the place of a node. */
export function builtin(
  place: Node,
  name: string,
  args: Node[],
  more: Partial<BuiltinNode> = {},
): BuiltinNode {
  const { start, end, nature } = place;
  return { kind: 'builtin', name, arguments: args, start, end, ...(nature && { nature }), ...more };
}

/** The node as a call of that builtin with so many arguments. */
export function asBuiltin(node: Node | undefined, name: string, count: number): BuiltinNode | undefined {
  return node?.kind === 'builtin' && node.name === name && node.arguments.length === count ? node : undefined;
}

/** The whole number a node is, if it is one. */
export function wholeIn(node: Node | undefined): bigint | undefined {
  return node?.kind === 'constant' && typeof node.value === 'bigint' ? node.value : undefined;
}

/** What a predicate evaluates. */
export function bodyOf(node: Node | undefined): Node {
  return node?.kind === 'predicate' ? node.body : node!;
}

/** A predicate with another body. */
export function withBody(predicate: Node, body: Node): Node {
  return { kind: 'predicate', body, start: predicate.start, end: predicate.end };
}
