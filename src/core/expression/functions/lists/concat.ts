import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { list, rest } from '../../parameters.ts';
import { List, type Value } from '../../values.ts';

export const concat = defineFunction({
  name: 'concat',
  summary: 'The items of all lists.',
  example: 'concat([1], [2])',
  parameters: [list('list'), rest(list('list'))],
  result: natures.array,
  call(lists, { budget }) {
    budget.allocate(lists.reduce((sum, part) => sum + part.length, 0));
    const items = ([] as Value[]).concat(...lists.map((part) => part.items));
    return new List(items, 'any', items.length === 0);
  },
});
