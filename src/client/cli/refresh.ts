import { defineControl } from './define-control.ts';

export const refresh = defineControl({
  name: 'refresh',
  summary: 'Let a step that waits look at once',
  description: 'A step between two attempts does not wait for the next one any longer.',
  many: false,
  examples: ["gantry refresh 01k9s3v6m7d8q2w4x5y6z7a8b9 --reason 'it is merged'"],
});
