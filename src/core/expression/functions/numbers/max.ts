import { defineFunction } from '../../function.ts';
import { any, rest } from '../../parameters.ts';
import { checkNumbers, findExtreme } from './numbers.ts';

export const max = defineFunction({
  name: 'max',
  summary: 'The largest of numbers and lists of numbers; nil if there is none.',
  example: 'max(1, 2)',
  parameters: [any('value'), rest(any('value'))],
  result: checkNumbers,
  call: (args, { budget }) => findExtreme('max', args, budget, (one, other) => one > other),
});
