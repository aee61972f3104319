import { natures } from '../nature.ts';
import { definePredicate, findFirst } from './predicate.ts';

export const findIndex = definePredicate({
  name: 'findIndex',
  summary: 'Position of the first item that passes, or nil.',
  example: 'findIndex([1, 2], # > 1)',
  isCondition: true,
  result: () => natures.int,
  call(loop) {
    const index = findFirst(loop);
    return index < 0 ? null : BigInt(index);
  },
});
