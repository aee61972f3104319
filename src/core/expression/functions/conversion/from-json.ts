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
    // A map of its own for every two signs is the worst there is.
    budget.spend(json.length + 4 * (json.split('{').length - 1));
    return decodeJson(json);
  },
});
