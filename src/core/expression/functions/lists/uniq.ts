import { numberOf } from '../../arithmetic.ts';
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
    const kept = new Map<unknown, Value[]>();
    return new List(
      items.filter((item) => {
        budget.spend(16);
        const known = kept.get(bucketOf(item)) ?? [];
        if (known.some((other) => isEqual(other, item, budget))) return false;
        kept.set(bucketOf(item), [...known, item]);
        return true;
      }),
    );
  },
});

/** Items that may be equal share a bucket: lists and maps are all in one. */
function bucketOf(item: Value): unknown {
  if (typeof item === 'string' || typeof item === 'boolean') return item;
  const number = numberOf(item);
  return number === undefined ? undefined : Number(number);
}
