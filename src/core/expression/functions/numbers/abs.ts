import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { number } from '../../parameters.ts';

export const abs = defineFunction({
  name: 'abs',
  summary: 'The number without its sign.',
  example: 'abs(-1)',
  parameters: [number('number')],
  result: ([nature]) => nature ?? natures.unknown,
  call([value]) {
    if (typeof value === 'number') return Math.abs(value);
    return BigInt.asIntN(64, value < 0n ? -value : value);
  },
});
