import type { Node } from '../tree.ts';
import { asBuiltin, binary, builtin, wholeIn } from './nodes.ts';

/** `count(list, p) > 0` stops at the first hit. */
export function countToAny(node: Node): Node | undefined {
  if (node.kind !== 'binary') return undefined;
  const count = asBuiltin(node.left, 'count', 2);
  const limit = wholeIn(node.right);
  const asks = (node.operator === '>' && limit === 0n) || (node.operator === '>=' && limit === 1n);
  return count && asks ? builtin(node, 'any', count.arguments) : undefined;
}

/** `count(list, p) < n` stops as soon as the answer is known. */
export function limitCount(node: Node): Node | undefined {
  if (node.kind !== 'binary' || !['<', '<=', '>', '>='].includes(node.operator)) return undefined;
  const count = asBuiltin(node.left, 'count', 2);
  const limit = wholeIn(node.right);
  if (!count || limit === undefined || count.threshold !== undefined) return undefined;
  const threshold = node.operator === '>' || node.operator === '<=' ? limit + 1n : limit;
  if (threshold <= 0n) return undefined;
  return binary(node, node.operator, builtin(count, 'count', count.arguments, { threshold }), node.right);
}
