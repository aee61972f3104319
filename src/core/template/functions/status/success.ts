import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { hasFailed } from './has-failed.ts';

export const success = defineFunction({
  name: 'success',
  summary: 'Whether no earlier step failed, those with continueOnError aside.',
  example: 'success()',
  parameters: [],
  result: natures.bool,
  call: (_, context) => !hasFailed(context),
});
