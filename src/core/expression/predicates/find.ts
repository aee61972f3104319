import { fail } from '../errors.ts';
import { elementOf } from '../nature.ts';
import { definePredicate, findFirst } from './predicate.ts';

export const find = definePredicate({
  name: 'find',
  summary: 'The first item that passes, or nil.',
  example: 'find([1, 2], # > 1)',
  isCondition: true,
  result: elementOf,
  call(loop) {
    const index = findFirst(loop);
    if (index < 0) return loop.throws ? fail('index out of range') : null;
    return loop.take(index);
  },
});
