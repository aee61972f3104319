import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { number } from '../../parameters.ts';

export const floor = defineFunction({
  name: 'floor',
  summary: 'The next whole number below, as a fraction.',
  example: 'floor(1.8)',
  parameters: [number('number')],
  result: natures.float,
  call: ([value]) => Math.floor(Number(value)),
});
