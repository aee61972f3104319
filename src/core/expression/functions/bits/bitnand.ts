import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { integer } from '../../parameters.ts';

export const bitnand = defineFunction({
  name: 'bitnand',
  summary: 'Bits set in the first but not in the second.',
  example: 'bitnand(6, 3)',
  parameters: [integer('one'), integer('other')],
  result: natures.int,
  call: ([one, other]) => BigInt.asIntN(64, one & ~other),
});
