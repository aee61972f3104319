import { object } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';

export const composeOutput = defineStep({
  kind: 'compose-output',
  summary: 'Gives values of your choice as its output, for later steps or as the output of a task.',
  description:
    'The config is free: every key becomes a key of the output, with its value evaluated. In a `PromotionTask` the keys ' +
    'also become outputs of the task itself, so steps after the task read them without knowing its inner steps.',
  place: 'anywhere',
  effect: 'none',
  repeatable: true,
  propagates: true,

  config: object({}, { additionalProperties: true, minProperties: 1 }),

  examples: [
    {
      title: 'Name the pull request of a task for everybody outside it',
      as: 'output',
      config: {
        number: '${{ 40 + 2 }}',
        link: 'https://git.example.com/org/repo/pulls/${{ 40 + 2 }}',
        labels: ['promotion', '${{ ctx.stage }}'],
      },
    },
  ],

  run(config) {
    return Promise.resolve({ output: { ...config } });
  },
});
