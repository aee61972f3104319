import { natures } from '../nature.ts';
import { definePredicate } from './predicate.ts';

export const all = definePredicate({
  name: 'all',
  summary: 'Whether every item passes; true for an empty list.',
  example: 'all([1, 2], # > 0)',
  isCondition: true,
  result: () => natures.bool,
  call({ items, test }) {
    for (let index = 0; index < items.length; index++) if (!test(index)) return false;
    return true;
  },
});
