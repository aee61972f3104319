import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { text } from '../../../expression/parameters.ts';
import { readTexts } from './texts.ts';

export const configMap = defineFunction({
  name: 'configMap',
  summary: 'The texts of a ConfigMap of the project; empty if there is none.',
  example: 'configMap("settings").region',
  parameters: [text('name')],
  result: natures.texts,
  call([name], context) {
    return readTexts('configMap', name, context);
  },
});
