import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { map } from '../../parameters.ts';
import { sortTexts } from '../../utf8.ts';
import { AnyDict, List } from '../../values.ts';

export const values = defineFunction({
  name: 'values',
  summary: 'The values of a map, in byte order of their keys.',
  example: 'values({a: 1})',
  parameters: [map('map')],
  result: natures.array,
  call([value], { budget }) {
    budget.sort(value.entries.size);
    if (value instanceof AnyDict) return new List([...value.entries.values()].map(([, item]) => item));
    return new List(sortTexts([...value.entries.keys()]).map((key) => value.entries.get(key)!));
  },
});
