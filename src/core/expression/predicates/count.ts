import { natures } from '../nature.ts';
import { definePredicate } from './predicate.ts';

export const count = definePredicate({
  name: 'count',
  summary: 'How many items pass, or are true where no expression is given.',
  example: 'count([1, 2], # > 1)',
  isPredicateOptional: true,
  isCondition: true,
  result: () => natures.int,
  call({ items, test, threshold }) {
    let passed = 0n;
    for (let index = 0; index < items.length && passed !== threshold; index++) if (test(index)) passed++;
    return passed;
  },
});
