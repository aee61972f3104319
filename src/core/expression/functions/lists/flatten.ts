import { findItems } from '../../access.ts';
import { fail } from '../../errors.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { list } from '../../parameters.ts';
import { List, type Value } from '../../values.ts';

export const flatten = defineFunction({
  name: 'flatten',
  summary: 'The items of a list and of all lists in it.',
  example: 'flatten([1, [2, [3]]])',
  parameters: [list('list')],
  result: natures.array,
  call([{ items }], { budget }) {
    const flat: Value[] = [];
    const pending = items.map((item) => [item, 1] as readonly [Value, number]).toReversed();
    for (let next = pending.pop(); next; next = pending.pop()) {
      const [item, depth] = next;
      if (depth > 10_000) fail('the list is nested too deeply: recursion depth exceeded');
      const inner = item instanceof List || item instanceof Uint8Array ? findItems(item) : undefined;
      if (!inner) flat.push(item);
      else for (let at = inner.length - 1; at >= 0; at--) pending.push([inner.at(at), depth + 1]);
      budget.spend(2);
    }
    budget.allocate(flat.length);
    return new List(flat);
  },
});
