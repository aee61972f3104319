import { option } from './command.ts';
import { defineControl, type ControlOptions } from './define-control.ts';
import { readObjectArgument } from './read-file-argument.ts';

interface SkipOptions extends ControlOptions {
  readonly step?: string;
  readonly outputs?: string;
}

export const skip = defineControl<'skip', SkipOptions>({
  name: 'skip',
  summary: 'Leave out the step that a promotion is held at',
  description:
    'The promotion goes on after it. Later steps see the outputs that the step left when it failed, or those given.',
  many: false,
  options: [
    option('--step <alias>', 'the step that is meant: refused when the promotion is held at another'),
    option(
      '--outputs <file>',
      'what later steps see as its outputs: a file with an object, - is standard input',
    ),
  ],
  examples: [
    "gantry skip 01k9s3v6m7d8q2w4x5y6z7a8b9 --reason 'pushed by hand'",
    'gantry skip 01k9s3v6m7d8q2w4x5y6z7a8b9 --step push --outputs push.yaml',
  ],
  async createCall(caller, { options: { step, outputs }, terminal }) {
    return {
      ...caller,
      ...(step !== undefined && { step }),
      ...(outputs !== undefined && { outputs: await readObjectArgument('--outputs', outputs, terminal) }),
    };
  },
});
