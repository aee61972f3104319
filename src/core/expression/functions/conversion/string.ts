import { formatText } from '../../format/text.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { any } from '../../parameters.ts';

export const toText = defineFunction({
  name: 'string',
  summary: 'The value as a text.',
  example: 'string(42)',
  parameters: [any('value')],
  result: natures.string,
  call([value], { budget }) {
    const printed = formatText(value, budget);
    budget.text(printed.length);
    return printed;
  },
});
