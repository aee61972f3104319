import { natures } from '../nature.ts';
import type { Node } from '../tree.ts';
import { asBuiltin, binary, bodyOf, builtin, withBody } from './nodes.ts';

const combined: readonly (readonly [name: string, operators: readonly string[], inside: string])[] = [
  ['all', ['and', '&&'], '&&'],
  ['any', ['or', '||'], '||'],
  ['none', ['and', '&&'], '||'],
];

/** `any(list, p) or any(list, q)` walks once: `any(list, p or q)`. */
export function combinePredicates(node: Node): Node | undefined {
  if (node.kind !== 'binary') return undefined;
  for (const [name, operators, inside] of combined) {
    const left = asBuiltin(node.left, name, 2);
    const right = asBuiltin(node.right, name, 2);
    if (!left || !right || !operators.includes(node.operator)) continue;
    if (!isSameTree(left.arguments[0]!, right.arguments[0]!)) continue;
    const [one, other] = [left.arguments[1]!, right.arguments[1]!];
    const body = binary(node, inside, bodyOf(one), bodyOf(other), natures.bool);
    return builtin(node, name, [left.arguments[0]!, withBody(one, body)]);
  }
  return undefined;
}

/** Whether two trees say the same, wherever they stand. */
function isSameTree(one: Node, other: Node): boolean {
  return print(one) === print(other);
}

function print(node: Node): string {
  return JSON.stringify(node, (key, item: unknown) => {
    if (key === 'start' || key === 'end' || key === 'nature') return undefined;
    return typeof item === 'bigint' ? `${item}n` : item;
  });
}
