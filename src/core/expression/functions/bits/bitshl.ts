import { fail } from '../../errors.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { integer } from '../../parameters.ts';

export const bitshl = defineFunction({
  name: 'bitshl',
  summary: 'Bits moved up.',
  example: 'bitshl(8, 1)',
  parameters: [integer('number'), integer('places')],
  result: natures.int,
  call([value, count]) {
    if (count < 0n) fail('bitshl wants a number of places that is not negative');
    const places = count > 64n ? 64n : count;
    return BigInt.asIntN(64, value << places);
  },
});
