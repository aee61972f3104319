import { fail } from '../../errors.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { list } from '../../parameters.ts';
import { AnyDict, List } from '../../values.ts';

export const fromPairs = defineFunction({
  name: 'fromPairs',
  summary: 'The map of a list of keys and values.',
  example: 'fromPairs([["a", 1]])',
  parameters: [list('pairs')],
  result: natures.anymap,
  call([{ items }], { budget }) {
    budget.spend(items.length * 6);
    return new AnyDict(
      items.map((pair) => {
        if (!(pair instanceof List) || pair.items.length !== 2)
          return fail('fromPairs wants lists of a key and a value');
        return [pair.items[0]!, pair.items[1]!] as const;
      }),
    );
  },
});
