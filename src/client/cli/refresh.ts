import { defineControl } from './define-control.ts';

export const refresh = defineControl({
  name: 'refresh',
  summary: 'Let a step that waits look at once',
  description:
    'A step between two attempts does not wait for the next one any longer.\n' +
    'Of many, the server alone is asked: that takes no worker and leaves no trace in their histories.',
  many: true,
  examples: [
    'gantry refresh --query "GantryProject = \'bakery\'" --yes',
    "gantry refresh 01k9s3v6m7d8q2w4x5y6z7a8b9 --reason 'it is merged'",
  ],
});
