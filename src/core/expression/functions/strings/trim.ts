import { trimCharacters } from '../../characters.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { optional, text } from '../../parameters.ts';

export const trim = defineFunction({
  name: 'trim',
  summary: 'The text without white space, or those characters, at both ends.',
  example: 'trim(" a ")',
  parameters: [text('text'), optional(text('characters'))],
  result: natures.string,
  call: ([value, characters]) => trimCharacters(value, characters),
});
