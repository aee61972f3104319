import type { BuiltinNode, Node } from '../tree.ts';
import { asBuiltin, binary, bodyOf, builtin, constant, wholeIn } from './nodes.ts';

/** The sum of a range of constants by formula: `sum(1..n)`, `sum(1..n, # * k)`, `reduce(1..n, # + #acc)`. */
export function sumRange(node: Node): Node | undefined {
  const sum = asBuiltin(node, 'sum', 1) ?? asBuiltin(node, 'sum', 2);
  const reduce = asBuiltin(node, 'reduce', 2) ?? asBuiltin(node, 'reduce', 3);
  const range = rangeIn((sum ?? reduce)?.arguments[0]);
  if (!range) return undefined;
  const { from, count } = range;
  const plain = count * from + (count * (count - 1n)) / 2n;
  const total = sum ? sumOf(sum, plain, count) : reduce && reduceOf(reduce, plain);
  return total === undefined ? undefined : constant(node, BigInt.asIntN(64, total));
}

/** `sum([a, b, c])` is `a + (b + c)`: texts and time spans can be added too. */
export function sumList(node: Node): Node | undefined {
  const list = asBuiltin(node, 'sum', 1)?.arguments[0];
  if (list?.kind !== 'array' || list.items.length < 2) return undefined;
  // The checker's depth is not that of what is made here.
  if (list.items.length > 500) return undefined;
  const [last, ...others] = list.items.toReversed();
  return others.reduce((sum, item) => binary(node, '+', item, sum), last!);
}

/** `sum(map(list, f))` walks once. */
export function sumMapped(node: Node): Node | undefined {
  const map = asBuiltin(asBuiltin(node, 'sum', 1)?.arguments[0], 'map', 2);
  return map && builtin(node, 'sum', map.arguments);
}

function rangeIn(node: Node | undefined): { readonly from: bigint; readonly count: bigint } | undefined {
  if (node?.kind !== 'binary' || node.operator !== '..') return undefined;
  const [from, to] = [wholeIn(node.left), wholeIn(node.right)];
  return from === undefined || to === undefined || to < from ? undefined : { from, count: to - from + 1n };
}

function sumOf(sum: BuiltinNode, plain: bigint, count: bigint): bigint | undefined {
  if (sum.arguments.length === 1) return plain;
  const body = bodyOf(sum.arguments[1]);
  if (isItem(body)) return plain;
  if (body.kind !== 'binary') return undefined;
  const { operator, left, right } = body;
  const [one, other] = [wholeIn(left), wholeIn(right)];
  if (isItem(left) && other !== undefined) return apply(operator, plain, count, other);
  if (isItem(right) && one !== undefined && operator !== '-') return apply(operator, plain, count, one);
  return undefined;
}

function apply(operator: string, plain: bigint, count: bigint, constant: bigint): bigint | undefined {
  if (operator === '*') return plain * constant;
  if (operator === '+') return plain + count * constant;
  return operator === '-' ? plain - count * constant : undefined;
}

function reduceOf({ arguments: [, predicate, initial] }: BuiltinNode, plain: bigint): bigint | undefined {
  const body = bodyOf(predicate);
  if (body.kind !== 'binary' || body.operator !== '+') return undefined;
  const names = [body.left, body.right].map((part) => (part.kind === 'pointer' ? part.name : '?'));
  if (!names.includes('') || !names.includes('acc')) return undefined;
  if (!initial) return plain;
  const start = wholeIn(initial);
  return start === undefined ? undefined : plain + start;
}

function isItem(node: Node): boolean {
  return node.kind === 'pointer' && node.name === '';
}
