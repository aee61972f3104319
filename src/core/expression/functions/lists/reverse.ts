import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { list } from '../../parameters.ts';
import { List } from '../../values.ts';

export const reverse = defineFunction({
  name: 'reverse',
  summary: 'The items from last to first.',
  example: 'reverse([1, 2])',
  parameters: [list('list')],
  result: natures.array,
  call([{ items }], { budget }) {
    budget.allocate(items.length);
    return new List(items.toReversed());
  },
});
