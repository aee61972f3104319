import { TerminalError } from '../../core/errors.ts';
import { object, optional, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';

export const fail = defineStep({
  kind: 'fail',
  summary: 'Ends as Failed, on purpose. Usually stands under an `if`.',
  description: 'Never tried again, whatever `retry` says. With `continueOnError` the promotion goes on.',
  place: 'anywhere',
  effect: 'none',
  repeatable: true,

  config: object({
    message: optional(string('Why: shown as `failed: <message>`.', { minLength: 1 })),
  }),

  examples: [
    {
      title: 'Refuse a promotion',
      as: 'refuse',
      config: { message: 'Stage ${{ ctx.stage }} is closed until Monday' },
    },
  ],

  run({ message }) {
    return Promise.reject(new TerminalError(message === undefined ? 'failed' : `failed: ${message}`));
  },
});
