import { natures } from '../nature.ts';
import { definePredicate, findLast } from './predicate.ts';

export const findLastIndex = definePredicate({
  name: 'findLastIndex',
  summary: 'Position of the last item that passes, or nil.',
  example: 'findLastIndex([1, 2], # > 0)',
  isCondition: true,
  result: () => natures.int,
  call(loop) {
    const index = findLast(loop);
    return index < 0 ? null : BigInt(index);
  },
});
