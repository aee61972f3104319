import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { hasFailed } from './has-failed.ts';

export const failure = defineFunction({
  name: 'failure',
  summary: 'Whether an earlier step failed, those with continueOnError aside.',
  example: 'failure()',
  parameters: [],
  result: natures.bool,
  call: (_, context) => hasFailed(context),
});
