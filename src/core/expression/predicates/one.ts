import { natures } from '../nature.ts';
import { definePredicate } from './predicate.ts';

export const one = definePredicate({
  name: 'one',
  summary: 'Whether exactly one item passes.',
  example: 'one([1, 2], # > 1)',
  isCondition: true,
  result: () => natures.bool,
  call({ items, test }) {
    let passed = 0;
    for (let index = 0; index < items.length; index++) if (test(index)) passed++;
    return passed === 1;
  },
});
