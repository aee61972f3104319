import { upperCase } from '../../characters.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { text } from '../../parameters.ts';

export const upper = defineFunction({
  name: 'upper',
  summary: 'The text in capital letters.',
  example: 'upper("a")',
  parameters: [text('text')],
  result: natures.string,
  call: ([value]) => upperCase(value),
});
