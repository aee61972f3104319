import { encodeJson } from '../../../expression/format/json.ts';
import { quoteText } from '../../../expression/format/quote.ts';
import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { any } from '../../../expression/parameters.ts';

export const quote = defineFunction({
  name: 'quote',
  summary: 'Keeps a value as text: quotes around it that come off at the end.',
  example: 'quote("1.20")',
  parameters: [any('value')],
  result: natures.string,
  call([value], { budget }) {
    if (typeof value !== 'string') return `"${encodeJson(value, '', budget)}"`;
    budget.spend(value.length);
    return quoteText(value);
  },
});
