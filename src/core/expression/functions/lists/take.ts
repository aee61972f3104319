import { fail } from '../../errors.ts';
import { defineFunction } from '../../function.ts';
import { integer, list } from '../../parameters.ts';
import { List } from '../../values.ts';

export const take = defineFunction({
  name: 'take',
  summary: 'The first so many items.',
  example: 'take([1, 2], 1)',
  parameters: [list('list'), integer('count')],
  result: ([nature]) => nature!,
  call([{ items, kind }, count]) {
    if (count < 0n) fail('take wants a count that is not negative');
    return new List(items.slice(0, Number(count)), kind);
  },
});
