import { compare } from '../equality.ts';
import { isDescending, sortOrder } from '../sort.ts';
import { List } from '../values.ts';
import { definePredicate } from './predicate.ts';

export const sortBy = definePredicate({
  name: 'sortBy',
  summary: 'The items in the order of what the expression makes of them: `asc` or `desc`.',
  example: 'sortBy([2, 1], -#, "desc")',
  extra: 'order',
  result: (items) => items,
  call({ items, evaluate, extra, budget }) {
    const descending = isDescending(extra);
    budget.allocate(items.length);
    const keys = Array.from({ length: items.length }, (_, index) => evaluate(index));
    const order = sortOrder(keys.length, (one, other) => {
      budget.spend(4);
      const [left, right] = descending ? [other, one] : [one, other];
      return compare(keys[left]!, keys[right]!, budget) < 0;
    });
    return new List(order.map((index) => items.at(index)));
  },
});
