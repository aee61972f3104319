import { findItems, type Items } from '../../access.ts';
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
  call([from], { budget }) {
    const flat: Value[] = [];
    const open: { readonly list: Items; at: number }[] = [{ list: from, at: 0 }];
    for (let innermost = open.at(-1); innermost; innermost = open.at(-1)) {
      if (innermost.at === innermost.list.length) {
        open.pop();
        continue;
      }
      const item = innermost.list.at(innermost.at++);
      const inner = item instanceof List || item instanceof Uint8Array ? findItems(item) : undefined;
      if (inner) open.push({ list: inner, at: 0 });
      else flat.push(item);
      if (open.length > 10_000) fail('the list is nested too deeply: recursion depth exceeded');
      budget.spend(2);
    }
    budget.allocate(flat.length);
    return new List(flat);
  },
});
