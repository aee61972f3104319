import { defineControl } from './define-control.ts';

export const pause = defineControl({
  name: 'pause',
  summary: 'Let a promotion begin no further step',
  description:
    'The step under way goes on, and a step that waits keeps waiting. `gantry resume` lets it go on.',
  many: true,
  examples: [
    "gantry pause 01k9s3v6m7d8q2w4x5y6z7a8b9 --reason 'freeze until Monday'",
    "gantry pause --query \"GantryStage = 'prod'\" --reason 'freeze' --yes",
  ],
});
