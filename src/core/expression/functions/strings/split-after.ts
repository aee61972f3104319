import { defineFunction } from '../../function.ts';
import { arrayOf, natures } from '../../nature.ts';
import { optional, text, whole } from '../../parameters.ts';
import { splitText } from './split-text.ts';

export const splitAfter = defineFunction({
  name: 'splitAfter',
  summary: 'The parts, each with the separator that ends it.',
  example: 'splitAfter("a,b", ",")',
  parameters: [text('text'), text('separator'), optional(whole('count'))],
  result: arrayOf(natures.string),
  call: ([value, separator, count = -1], { budget }) => splitText(value, separator, count, true, budget),
});
