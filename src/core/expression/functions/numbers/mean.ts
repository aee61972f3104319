import { defineFunction } from '../../function.ts';
import { any, rest } from '../../parameters.ts';
import { checkNumbers, collectNumbers } from './numbers.ts';

export const mean = defineFunction({
  name: 'mean',
  summary: 'The average of numbers and lists of numbers; 0 if there is none.',
  example: 'mean(1, 2)',
  parameters: [any('value'), rest(any('value'))],
  result: checkNumbers,
  call(args, { budget }) {
    const numbers = collectNumbers('mean', args, budget);
    return numbers.length === 0 ? 0 : numbers.reduce((sum, item) => sum + item, 0) / numbers.length;
  },
});
