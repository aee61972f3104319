import { defineFunction } from '../../function.ts';
import { any, rest } from '../../parameters.ts';
import { checkNumbers, collectNumbers } from './numbers.ts';

export const median = defineFunction({
  name: 'median',
  summary: 'The middle of numbers and lists of numbers; 0 if there is none.',
  example: 'median([1, 2, 4])',
  parameters: [any('value'), rest(any('value'))],
  result: checkNumbers,
  call(args, { budget }) {
    const numbers = collectNumbers('median', args, budget).toSorted((one, other) => one - other);
    const middle = numbers.length >> 1;
    if (numbers.length === 0) return 0;
    return numbers.length % 2 ? numbers[middle]! : (numbers[middle - 1]! + numbers[middle]!) / 2;
  },
});
