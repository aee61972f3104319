import { compare } from '../../equality.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { any, optional, text } from '../../parameters.ts';
import { isDescending, sortOrder } from '../../sort.ts';
import { List } from '../../values.ts';
import { checkList } from './check-list.ts';

export const sort = defineFunction({
  name: 'sort',
  summary: 'The items in order: `asc` or `desc`.',
  example: 'sort([2, 1])',
  parameters: [any('list'), optional(text('order'))],
  result: ([nature]) => checkList('sort', nature!) ?? natures.array,
  call([value, order], { budget }) {
    const descending = isDescending(order);
    const items = value instanceof List && value.kind !== 'pairs' ? value.items : undefined;
    if (!items) return new List([], 'any', true);
    budget.allocate(items.length);
    const sorted = sortOrder(items.length, (one, other) => {
      budget.spend(4);
      const [left, right] = descending ? [other, one] : [one, other];
      return compare(items[left]!, items[right]!, budget) < 0;
    });
    return new List(sorted.map((index) => items[index]!));
  },
});
