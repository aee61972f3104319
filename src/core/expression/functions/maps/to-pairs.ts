import { defineFunction } from '../../function.ts';
import { arrayOf, natures } from '../../nature.ts';
import { map } from '../../parameters.ts';
import { compareTexts } from '../../utf8.ts';
import { AnyDict, List } from '../../values.ts';

export const toPairs = defineFunction({
  name: 'toPairs',
  summary: 'Key and value of each entry, in byte order of the keys.',
  example: 'toPairs({a: 1})',
  parameters: [map('map')],
  result: arrayOf(natures.array),
  call([value]) {
    const pairs =
      value instanceof AnyDict
        ? [...value.entries.values()]
        : [...value.entries].toSorted(([one], [other]) => compareTexts(one, other));
    return new List(
      pairs.map((pair) => new List(pair, 'pair')),
      'pairs',
    );
  },
});
