import { arrayOf, natures } from '../nature.ts';
import { List, type Value } from '../values.ts';
import { definePredicate } from './predicate.ts';

export const map = definePredicate({
  name: 'map',
  summary: 'What the expression makes of each item; `#index` is its position.',
  example: 'map([1, 2], # * 2)',
  pointers: ['index'],
  result: (_, made) => arrayOf(made ?? natures.unknown),
  call({ items, evaluate, budget }) {
    budget.allocate(items.length);
    const made: Value[] = [];
    for (let index = 0; index < items.length; index++) made.push(evaluate(index));
    return new List(made);
  },
});
