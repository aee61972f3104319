import { defineControl } from './define-control.ts';

export const resume = defineControl({
  name: 'resume',
  summary: 'Let a paused promotion go on',
  description: 'The next step begins at once.',
  many: true,
  examples: ['gantry resume 01k9s3v6m7d8q2w4x5y6z7a8b9', 'gantry resume --project demo --yes'],
});
