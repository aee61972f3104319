import { isEqual } from '../../equality.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { list } from '../../parameters.ts';
import { List, type Value } from '../../values.ts';

export const uniq = defineFunction({
  name: 'uniq',
  summary: 'The items without repetitions.',
  example: 'uniq([1, 1])',
  parameters: [list('list')],
  result: natures.array,
  call([{ items }], { budget }) {
    const kept: Value[] = [];
    for (const item of items) {
      if (!kept.some((known) => isEqual(known, item, budget))) kept.push(item);
    }
    return new List(kept);
  },
});
