import { object, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { aboutExtraction, extractFile, extractions } from '../extract-file.ts';

export const jsonParse = defineStep({
  kind: 'json-parse',
  summary: 'Reads a JSON file and makes outputs of its contents.',
  description: ['Numbers are fractions, as everywhere in JSON.', '', aboutExtraction].join('\n'),
  place: 'workspace',
  effect: 'none',
  repeatable: true,

  config: object({
    path: string('The file.', { minLength: 1 }),
    outputs: extractions,
  }),

  examples: [
    {
      title: 'Read the version of a package',
      as: 'package',
      config: {
        path: './src/package.json',
        outputs: [
          { name: 'version', fromExpression: 'version' },
          { name: 'ui', fromExpression: 'dependencies["@example/ui"] ?? "none"' },
        ],
      },
    },
  ],

  async run(config, world) {
    return { output: { ...(await extractFile('JSON', config, world)) } };
  },
});
