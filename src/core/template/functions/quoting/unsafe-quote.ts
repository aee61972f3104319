import { encodeJson } from '../../../expression/format/json.ts';
import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { any } from '../../../expression/parameters.ts';

export const unsafeQuote = defineFunction({
  name: 'unsafeQuote',
  summary: 'The JSON of a value in quotes that come off at the end; the quotes of a text in it stay.',
  example: 'unsafeQuote({a: 1})',
  parameters: [any('value')],
  result: natures.string,
  call: ([value], { budget }) => `"${encodeJson(value, '', budget)}"`,
});
