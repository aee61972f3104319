import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { text } from '../../../expression/parameters.ts';
import { readTexts } from './texts.ts';

export const secret = defineFunction({
  name: 'secret',
  summary: 'The texts of a Secret of the project; empty if there is none.',
  example: 'secret("slack").token',
  parameters: [text('name')],
  result: natures.texts,
  call([name], context) {
    return readTexts('secret', name, context);
  },
});
