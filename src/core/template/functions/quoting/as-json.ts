import { encodeJson } from '../../../expression/format/json.ts';
import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { any } from '../../../expression/parameters.ts';

export const asJSON = defineFunction({
  name: 'asJSON',
  summary: 'The value as a text of indented JSON.',
  example: 'asJSON({a: 1})',
  parameters: [any('value')],
  result: natures.string,
  call: ([value], { budget }) => `"${encodeJson(value, '  ', budget)}\n"`,
});
