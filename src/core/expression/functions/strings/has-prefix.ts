import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { text } from '../../parameters.ts';

export const hasPrefix = defineFunction({
  name: 'hasPrefix',
  summary: 'Whether the text begins so.',
  example: 'hasPrefix("v1", "v")',
  parameters: [text('text'), text('prefix')],
  result: natures.bool,
  call: ([value, prefix]) => value.startsWith(prefix),
});
