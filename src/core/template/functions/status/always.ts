import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';

export const always = defineFunction({
  name: 'always',
  summary: 'True: the step runs whatever happened before.',
  example: 'always()',
  parameters: [],
  result: natures.bool,
  call: () => true,
});
