import { lowerCase } from '../../characters.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { text } from '../../parameters.ts';

export const lower = defineFunction({
  name: 'lower',
  summary: 'The text in small letters.',
  example: 'lower("A")',
  parameters: [text('text')],
  result: natures.string,
  call: ([value]) => lowerCase(value),
});
