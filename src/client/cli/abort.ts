import { defineControl } from './define-control.ts';

export const abort = defineControl({
  name: 'abort',
  summary: 'End a promotion early',
  description: 'What runs is stopped. Steps marked `if: ${{ always() }}` still run.',
  many: true,
  examples: [
    "gantry abort 01k9s3v6m7d8q2w4x5y6z7a8b9 --reason 'wrong image'",
    "gantry abort --project demo --stage test --reason 'freeze' --yes",
  ],
});
