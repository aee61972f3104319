import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { text } from '../../../expression/parameters.ts';
import { readTexts } from './texts.ts';

export const sharedSecret = defineFunction({
  name: 'sharedSecret',
  summary: 'The texts of a shared generic Secret; empty if there is none.',
  example: 'sharedSecret("slack").token',
  parameters: [text('name')],
  result: natures.texts,
  call([name], context) {
    return readTexts('sharedSecret', name, context);
  },
});
