import { arrayOf, elementOf, type Nature } from '../nature.ts';
import { AnyDict, identityOf, List, type Value } from '../values.ts';
import { definePredicate } from './predicate.ts';

export const groupBy = definePredicate({
  name: 'groupBy',
  summary: 'The items by what the expression makes of them: a map of lists.',
  example: 'groupBy([1, 2, 3], # % 2)',
  result: (items): Nature => ({ kind: 'anymap', of: arrayOf(elementOf(items)) }),
  call({ items, evaluate, budget }) {
    const groups = new Map<unknown, readonly [Value, Value[]]>();
    for (let index = 0; index < items.length; index++) {
      budget.spend(16);
      const key = evaluate(index);
      const identity = identityOf(key);
      const group = groups.get(identity) ?? ([key, []] as const);
      group[1].push(items.at(index));
      groups.set(identity, group);
    }
    const pairs = [...groups.values()].map(([key, group]) => [key, new List(group)] as const);
    return new AnyDict(pairs, new List([], 'any', true));
  },
});
