import { natures } from '../nature.ts';
import { definePredicate, findFirst } from './predicate.ts';

export const none = definePredicate({
  name: 'none',
  summary: 'Whether no item passes.',
  example: 'none([1, 2], # > 2)',
  isCondition: true,
  result: () => natures.bool,
  call: (loop) => findFirst(loop) < 0,
});
