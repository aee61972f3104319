import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { integer } from '../../parameters.ts';

export const bitxor = defineFunction({
  name: 'bitxor',
  summary: 'Bits set in one only.',
  example: 'bitxor(6, 3)',
  parameters: [integer('one'), integer('other')],
  result: natures.int,
  call: ([one, other]) => BigInt.asIntN(64, one ^ other),
});
