import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { optional, text } from '../../parameters.ts';

export const trimPrefix = defineFunction({
  name: 'trimPrefix',
  summary: 'The text without that beginning, a space by default.',
  example: 'trimPrefix("v1.2", "v")',
  parameters: [text('text'), optional(text('prefix'))],
  result: natures.string,
  call: ([value, prefix = ' ']) => (value.startsWith(prefix) ? value.slice(prefix.length) : value),
});
