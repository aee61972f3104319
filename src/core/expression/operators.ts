import { calculate, range } from './arithmetic.ts';
import type { Budget } from './budget.ts';
import { compare, isEqual, isIn } from './equality.ts';
import { fail } from './errors.ts';
import { isPlain } from './nature.ts';
import { matches } from './regex.ts';
import type { BinaryNode, Node } from './tree.ts';
import { isNil, Range, typeName, type Value } from './values.ts';

/** The result of a binary operator that needs both its operands. */
export function applyBinary(node: BinaryNode, left: Value, right: Value, budget: Budget): Value {
  const { operator } = node;
  budget.spend(3);
  switch (operator) {
    case '==':
      return isEqualOf(node, left, right, budget);
    case '!=':
      return !isEqualOf(node, left, right, budget);
    case '<':
      return compare(left, right, budget) < 0;
    case '>':
      return compare(left, right, budget) > 0;
    case '<=':
      return compare(left, right, budget) <= 0;
    case '>=':
      return compare(left, right, budget) >= 0;
    case 'in':
      return isIn(left, right, budget);
    case '..': {
      const { first, count } = range(left, right);
      budget.allocate(count);
      return new Range(first, count);
    }
    case 'matches':
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return applyToTexts(node, left, right, budget);
    default: {
      const result = calculate(operator, left, right);
      if (typeof result === 'string') budget.text(result.length);
      return result;
    }
  }
}

/** Where both sides are known as whole numbers, or as texts, the language insists that they are. */
function isEqualOf({ left, right }: BinaryNode, one: Value, other: Value, budget: Budget): boolean {
  const type = isPlainBoth(left, right, 'int')
    ? 'bigint'
    : isPlainBoth(left, right, 'string')
      ? 'string'
      : undefined;
  if (type !== undefined && (typeof one !== type || typeof other !== type))
    fail(`${typeName(one)} is compared with ${typeName(other)}`);
  return isEqual(one, other, budget);
}

function isPlainBoth(left: Node, right: Node, kind: 'int' | 'string'): boolean {
  return isPlain(left.nature, kind) && isPlain(right.nature, kind);
}

function applyToTexts(node: BinaryNode, left: Value, right: Value, budget: Budget): boolean {
  const { operator } = node;
  if (isNil(left) || isNil(right)) return false;
  if (operator === 'matches') return matches(left, right, node.right.kind === 'constant', budget);
  if (typeof left !== 'string' || typeof right !== 'string') {
    return fail(`operator ${operator} wants texts, not ${typeName(left)} and ${typeName(right)}`);
  }
  budget.spend(left.length >> 6);
  if (operator === 'contains') return left.includes(right);
  return operator === 'startsWith' ? left.startsWith(right) : left.endsWith(right);
}
