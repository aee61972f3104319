import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { map } from '../../parameters.ts';
import { sortTexts } from '../../utf8.ts';
import { AnyDict, List } from '../../values.ts';

export const keys = defineFunction({
  name: 'keys',
  summary: 'The keys of a map, in byte order.',
  example: 'keys({a: 1})',
  parameters: [map('map')],
  result: natures.array,
  call([value], { budget }) {
    budget.sort(value.entries.size);
    if (value instanceof AnyDict) return new List([...value.entries.values()].map(([key]) => key));
    return new List(sortTexts([...value.entries.keys()]));
  },
});
