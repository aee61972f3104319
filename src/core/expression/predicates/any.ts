import { natures } from '../nature.ts';
import { definePredicate, findFirst } from './predicate.ts';

export const any = definePredicate({
  name: 'any',
  summary: 'Whether an item passes.',
  example: 'any([1, 2], # > 1)',
  isCondition: true,
  result: () => natures.bool,
  call: (loop) => findFirst(loop) >= 0,
});
