import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { integer } from '../../parameters.ts';

export const bitnot = defineFunction({
  name: 'bitnot',
  summary: 'All bits turned over.',
  example: 'bitnot(5)',
  parameters: [integer('number')],
  result: natures.int,
  call: ([value]) => BigInt.asIntN(64, ~value),
});
