import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { text } from '../../parameters.ts';

export const hasSuffix = defineFunction({
  name: 'hasSuffix',
  summary: 'Whether the text ends so.',
  example: 'hasSuffix("a.git", ".git")',
  parameters: [text('text'), text('suffix')],
  result: natures.bool,
  call: ([value, suffix]) => value.endsWith(suffix),
});
