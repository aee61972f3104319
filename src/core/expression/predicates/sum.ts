import { calculate } from '../arithmetic.ts';
import { elementOf } from '../nature.ts';
import type { Value } from '../values.ts';
import { definePredicate } from './predicate.ts';

export const sum = definePredicate({
  name: 'sum',
  summary: 'The sum of the items, or of what the expression makes of them.',
  example: 'sum([1, 2], # * 2)',
  isPredicateOptional: true,
  result: (items, made) => made ?? elementOf(items),
  call({ items, evaluate }) {
    let total: Value = 0n;
    for (let index = 0; index < items.length; index++) total = calculate('+', evaluate(index), total);
    return total;
  },
});
