import { arrayOf, elementOf } from '../nature.ts';
import { List, type Value } from '../values.ts';
import { definePredicate } from './predicate.ts';

export const filter = definePredicate({
  name: 'filter',
  summary: 'The items that pass.',
  example: 'filter([1, 2], # > 1)',
  isCondition: true,
  result: (items) => arrayOf(elementOf(items)),
  call({ items, test, take, budget }) {
    const passed: Value[] = [];
    for (let index = 0; index < items.length; index++) {
      if (!test(index)) continue;
      budget.allocate(1);
      passed.push(take(index));
    }
    return new List(passed);
  },
});
