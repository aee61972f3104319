import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { optional, text } from '../../parameters.ts';

export const trimSuffix = defineFunction({
  name: 'trimSuffix',
  summary: 'The text without that end, a space by default.',
  example: 'trimSuffix("app.git", ".git")',
  parameters: [text('text'), optional(text('suffix'))],
  result: natures.string,
  call: ([value, suffix = ' ']) =>
    value.endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value,
});
