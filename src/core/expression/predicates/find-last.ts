import { fail } from '../errors.ts';
import { elementOf } from '../nature.ts';
import { definePredicate, findLast as findLastIndex } from './predicate.ts';

export const findLast = definePredicate({
  name: 'findLast',
  summary: 'The last item that passes, or nil.',
  example: 'findLast([1, 2], # > 0)',
  isCondition: true,
  result: elementOf,
  call(loop) {
    const index = findLastIndex(loop);
    if (index < 0) return loop.throws ? fail('index out of range') : null;
    return loop.take(index);
  },
});
