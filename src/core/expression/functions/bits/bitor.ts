import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { integer } from '../../parameters.ts';

export const bitor = defineFunction({
  name: 'bitor',
  summary: 'Bits set in either.',
  example: 'bitor(6, 3)',
  parameters: [integer('one'), integer('other')],
  result: natures.int,
  call: ([one, other]) => BigInt.asIntN(64, one | other),
});
