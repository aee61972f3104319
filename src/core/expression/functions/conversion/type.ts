import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { any } from '../../parameters.ts';
import { typeName } from '../../values.ts';

export const typeOf = defineFunction({
  name: 'type',
  summary: 'The name of the type of a value.',
  example: 'type(1)',
  parameters: [any('value')],
  result: natures.string,
  call: ([value]) => typeName(value),
});
