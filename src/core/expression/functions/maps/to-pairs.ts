import { defineFunction } from '../../function.ts';
import { arrayOf, natures } from '../../nature.ts';
import { map } from '../../parameters.ts';
import { sortTexts } from '../../utf8.ts';
import { AnyDict, List } from '../../values.ts';

export const toPairs = defineFunction({
  name: 'toPairs',
  summary: 'Key and value of each entry, in byte order of the keys.',
  example: 'toPairs({a: 1})',
  parameters: [map('map')],
  result: arrayOf(natures.array),
  call([value], { budget }) {
    budget.sort(value.entries.size * 2);
    const pairs =
      value instanceof AnyDict
        ? [...value.entries.values()]
        : sortTexts([...value.entries.keys()]).map((key) => [key, value.entries.get(key)!] as const);
    return new List(
      pairs.map((pair) => new List(pair, 'pair')),
      'pairs',
    );
  },
});
