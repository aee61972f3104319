import { fail } from '../errors.ts';
import { natures } from '../nature.ts';
import { definePredicate } from './predicate.ts';

export const reduce = definePredicate({
  name: 'reduce',
  summary:
    'One value of all items: `#acc` is what the expression made so far, the third argument or the first item at first.',
  example: 'reduce([1, 2], #acc + #, 0)',
  extra: 'initial',
  pointers: ['index', 'acc'],
  result: (_, made) => made ?? natures.unknown,
  call({ items, evaluate, extra }) {
    if (extra === undefined && items.length === 0) fail('reduce of an empty list with no initial value');
    let value = extra ?? null;
    let index = 0;
    if (extra === undefined) value = items.at(index++);
    for (; index < items.length; index++) value = evaluate(index, value);
    return value;
  },
});
