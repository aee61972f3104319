import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { number } from '../../parameters.ts';

export const ceil = defineFunction({
  name: 'ceil',
  summary: 'The next whole number above, as a fraction.',
  example: 'ceil(1.2)',
  parameters: [number('number')],
  result: natures.float,
  call: ([value]) => Math.ceil(Number(value)),
});
