import { nodesOf, type BuiltinNode, type Node } from '../tree.ts';
import { asBuiltin, bodyOf, builtin, wholeIn } from './nodes.ts';

/** `map(filter(list, p), f)` walks once, unless f asks for the position. */
export function fuseFilterAndMap(node: Node): Node | undefined {
  const map = asBuiltin(node, 'map', 2);
  const filter = map && asFilter(map.arguments[0]);
  if (!map || !filter || filter.map) return undefined;
  const body = bodyOf(map.arguments[1]);
  const asksForIndex = nodesOf(body).some((part) => part.kind === 'pointer' && part.name === 'index');
  return asksForIndex ? undefined : builtin(node, 'filter', filter.arguments, { map: body });
}

/** `len(filter(list, p))` counts. */
export function countFilter(node: Node): Node | undefined {
  const len = asBuiltin(node, 'len', 1);
  const filter = len && asFilter(len.arguments[0]);
  return filter && builtin(node, 'count', filter.arguments);
}

/** `filter(list, p)[-1]` and `last(filter(list, p))` stop at the hit. */
export function findLastOfFilter(node: Node): Node | undefined {
  return findIn(node, -1n, 'last', 'findLast');
}

/** `filter(list, p)[0]` and `first(filter(list, p))` stop at the hit. */
export function findFirstOfFilter(node: Node): Node | undefined {
  return findIn(node, 0n, 'first', 'find');
}

function findIn(node: Node, index: bigint, name: string, better: string): Node | undefined {
  if (node.kind === 'member' && !node.isOptional && wholeIn(node.property) === index) {
    const filter = asFilter(node.base);
    return filter && builtin(node, better, filter.arguments, { map: filter.map, throws: true });
  }
  const filter = asFilter(asBuiltin(node, name, 1)?.arguments[0]);
  return filter && builtin(node, better, filter.arguments, { map: filter.map });
}

function asFilter(node: Node | undefined): BuiltinNode | undefined {
  return asBuiltin(node, 'filter', 2);
}
