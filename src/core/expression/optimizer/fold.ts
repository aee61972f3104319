import { calculate, negate } from '../arithmetic.ts';
import { ExpressionError } from '../errors.ts';
import type { BinaryNode, Node, UnaryNode } from '../tree.ts';
import { List, type Value } from '../values.ts';
import { asBuiltin, binary, bodyOf, builtin, constant, withBody } from './nodes.ts';

/** Evaluates what is made of constants; drops what `true` and `false` decide beside `and` and `or`. */
export function fold(node: Node): Node | undefined {
  switch (node.kind) {
    case 'unary':
      return foldUnary(node);
    case 'binary':
      return foldBinary(node);
    case 'array':
      return foldArray(node, node.items);
    case 'builtin':
      return mergeFilters(node);
    default:
      return undefined;
  }
}

function foldUnary({ operator, operand, ...node }: UnaryNode): Node | undefined {
  if (operand.kind !== 'constant') return undefined;
  const { value } = operand;
  if (typeof value === 'boolean') return constant({ operator, operand, ...node }, !value);
  if (typeof value !== 'bigint' && typeof value !== 'number') return undefined;
  return constant({ operator, operand, ...node }, operator === '-' ? negate(value) : value);
}

function foldBinary(node: BinaryNode): Node | undefined {
  const { operator, left, right } = node;
  if (operator === 'and' || operator === '&&') return foldLogic(node, true);
  if (operator === 'or' || operator === '||') return foldLogic(node, false);
  if (left.kind !== 'constant' || right.kind !== 'constant') return undefined;
  const [one, other] = [left.value, right.value];
  if (operator === '==') {
    const isSimple = typeof one === typeof other && ['bigint', 'string', 'boolean'].includes(typeof one);
    return isSimple ? constant(node, one === other) : undefined;
  }
  const isText = operator === '+' && typeof one === 'string' && typeof other === 'string';
  const isNumeric = [one, other].every((value) => typeof value === 'bigint' || typeof value === 'number');
  if (!isText && !(isNumeric && '+-*/%**^'.includes(operator))) return undefined;
  if (operator === '%' && other === 0n)
    throw new ExpressionError('compile', 'integer divide by zero', node.start);
  return constant(node, calculate(operator, one, other));
}

/** `true and x` is x, `x and false` is false: x is neither evaluated nor checked. */
function foldLogic(node: BinaryNode, neutral: boolean): Node | undefined {
  const [left, right] = [boolIn(node.left), boolIn(node.right)];
  if (left === neutral) return node.right;
  if (right === neutral) return node.left;
  return left === !neutral || right === !neutral ? constant(node, !neutral) : undefined;
}

function foldArray(node: Node, items: readonly Node[]): Node | undefined {
  if (items.length === 0) return undefined;
  const values: Value[] = [];
  for (const item of items) {
    if (item.kind !== 'constant' || !['bigint', 'number', 'string', 'boolean'].includes(typeof item.value))
      return undefined;
    values.push(item.value);
  }
  return { ...constant(node, new List(values)), ...(node.nature && { nature: node.nature }) };
}

/** A filter of a filter walks once. */
function mergeFilters(node: Node): Node | undefined {
  const outer = asBuiltin(node, 'filter', 2);
  const inner = outer && asBuiltin(outer.arguments[0], 'filter', 2);
  if (!outer || !inner) return undefined;
  const [list, first] = inner.arguments;
  const second = outer.arguments[1]!;
  const body = binary(second, '&&', bodyOf(first), bodyOf(second));
  return builtin(node, 'filter', [list!, withBody(second, body)]);
}

function boolIn(node: Node): boolean | undefined {
  return node.kind === 'constant' && typeof node.value === 'boolean' ? node.value : undefined;
}
