import { defineFunction } from '../../function.ts';
import { any, rest } from '../../parameters.ts';
import { checkNumbers, findExtreme } from './numbers.ts';

export const min = defineFunction({
  name: 'min',
  summary: 'The smallest of numbers and lists of numbers; nil if there is none.',
  example: 'min(1, 2)',
  parameters: [any('value'), rest(any('value'))],
  result: checkNumbers,
  call: (args, { budget }) => findExtreme('min', args, budget, (one, other) => one < other),
});
