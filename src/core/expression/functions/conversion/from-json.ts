import { decodeJson } from '../../format/json.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { text } from '../../parameters.ts';

export const fromJSON = defineFunction({
  name: 'fromJSON',
  summary: 'The value of a JSON text; all its numbers are fractions.',
  example: 'fromJSON("[1]")',
  parameters: [text('json')],
  result: natures.unknown,
  call([json], { budget }) {
    budget.spend(json.length >> 2);
    return decodeJson(json);
  },
});
