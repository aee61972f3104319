import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { number } from '../../parameters.ts';

export const round = defineFunction({
  name: 'round',
  summary: 'The nearest whole number, halves away from zero, as a fraction.',
  example: 'round(1.5)',
  parameters: [number('number')],
  result: natures.float,
  call([value]) {
    const size = Math.abs(Number(value));
    const rounded = size - Math.floor(size) >= 0.5 ? Math.floor(size) + 1 : Math.floor(size);
    return Number(value) < 0 || Object.is(value, -0) ? -rounded : rounded;
  },
});
