import { defineFunction } from '../../function.ts';
import { encodeJson } from '../../format/json.ts';
import { natures } from '../../nature.ts';
import { any } from '../../parameters.ts';

export const toJSON = defineFunction({
  name: 'toJSON',
  summary: 'The value as indented JSON.',
  example: 'toJSON({a: 1})',
  parameters: [any('value')],
  result: natures.string,
  call([value], { budget }) {
    const json = encodeJson(value, '  ', budget);
    budget.text(json.length);
    return json;
  },
});
