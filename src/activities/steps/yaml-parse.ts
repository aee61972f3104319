import { object, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { aboutExtraction, extractFile, extractions } from '../extract-file.ts';

export const yamlParse = defineStep({
  kind: 'yaml-parse',
  summary: 'Reads a YAML file and makes outputs of its contents.',
  description: [
    'Only the first document of a file is read, by the rules of YAML 1.2: `yes`, `on` and dates are text. A key that stands',
    'twice is an error.',
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
      title: 'Read what runs now from the values of a chart',
      as: 'values',
      config: {
        path: './out/charts/app/values.yaml',
        outputs: [
          { name: 'tag', fromExpression: 'image.tag' },
          { name: 'ports', fromExpression: 'map(services, .port)' },
        ],
      },
    },
    {
      title: 'A key that is no name, chosen by an expression',
      config: {
        path: './src/stages.yaml',
        outputs: [{ name: 'cluster', fromExpression: '$env["${{ ctx.stage }}"].cluster' }],
      },
    },
  ],

  async run(config, world) {
    return { output: { ...(await extractFile('YAML', config, world)) } };
  },
});
