import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { text } from '../../../expression/parameters.ts';
import { readTexts } from './texts.ts';

export const sharedConfigMap = defineFunction({
  name: 'sharedConfigMap',
  summary: 'The texts of a shared ConfigMap; empty if there is none.',
  example: 'sharedConfigMap("settings").region',
  parameters: [text('name')],
  result: natures.texts,
  call([name], context) {
    return readTexts('sharedConfigMap', name, context);
  },
});
