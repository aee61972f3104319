import { object, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { aboutExtraction, extractFile, extractions } from '../extract-file.ts';

export const tomlParse = defineStep({
  kind: 'toml-parse',
  summary: 'Reads a TOML file and makes outputs of its contents.',
  description: [
    'Whole numbers stay whole. A date with time and zone is an instant with its methods (`released.Year()`) and text in an',
    'output; other dates and times are text.',
    '',
    aboutExtraction,
  ].join('\n'),
  place: 'workspace',
  effect: 'none',
  repeatable: true,

  config: object({
    path: string('The file.', { minLength: 1 }),
    outputs: extractions,
  }),

  examples: [
    {
      title: 'Read the version of a crate',
      as: 'crate',
      config: {
        path: './src/Cargo.toml',
        outputs: [
          { name: 'version', fromExpression: 'package.version' },
          { name: 'edition', fromExpression: 'package.edition ?? "2015"' },
        ],
      },
    },
  ],

  async run(config, world) {
    return { output: { ...(await extractFile('TOML', config, world)) } };
  },
});
