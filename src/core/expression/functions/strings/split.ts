import { defineFunction } from '../../function.ts';
import { arrayOf, natures } from '../../nature.ts';
import { optional, text, whole } from '../../parameters.ts';
import { splitText } from './split-text.ts';

export const split = defineFunction({
  name: 'split',
  summary: 'The parts between separators, at most so many.',
  example: 'split("a,b", ",")',
  parameters: [text('text'), text('separator'), optional(whole('count'))],
  result: arrayOf(natures.string),
  call: ([value, separator, count = -1], { budget }) => splitText(value, separator, count, false, budget),
});
