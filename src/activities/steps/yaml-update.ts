import { explainScalar } from '../../core/edit/scalar-value.ts';
import { list, object, scalar, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { readEdits, updateFile } from '../update-file.ts';
import { workAside } from '../work-aside.ts';

export const yamlUpdate = defineStep({
  kind: 'yaml-update',
  summary: 'Sets values in a YAML file; comments, order, quotes and layout survive.',
  description: [
    'Only the values change: every other byte stays, which is proven by reading the result again. All updates are made, or',
    'none. Keys are never created, and only the first document of a file is changed.',
    '',
    'In a key `.` goes one level down and a number names an item of a list: `containers.0.image`. A dot in a name is written',
    '`\\.`; a `:` may be written `\\:`. `-1` adds an item behind a list, unless the list ends in it already.',
    '',
    'What an expression makes of text is written as a number or boolean only if that prints back to the same text: `3` and',
    '`true`, but not `1.20`, `007` or `1e5`. What stood in quotes keeps them and stays text. Other text gets quotes where',
    'YAML 1.1 or 1.2 would read something else. An anchor stays, so its aliases follow; the alias itself cannot be set.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    path: string('The file.', { minLength: 1 }),
    updates: list(
      'What to set.',
      object({
        key: string('Where: `image.tag`, `containers.0.image`, `annotations.example\\.com/rev`.', {
          minLength: 1,
        }),
        value: scalar('The new value.'),
      }),
      { minItems: 1 },
    ),
  }),

  outputs: object({
    commitMessage: string('What was set, for git-commit.'),
  }),

  examples: [
    {
      title: 'Set the tag of the promoted image in the values of a chart',
      as: 'update-values',
      config: {
        path: './src/charts/app/values.yaml',
        updates: [{ key: 'image.tag', value: "${{ imageFrom('ghcr.io/example/app').Tag }}" }],
      },
    },
    {
      title: 'Keys with dots, and items of lists',
      config: {
        path: './src/app.yaml',
        updates: [
          { key: 'metadata.annotations.example\\.com/revision', value: '${{ ctx.targetFreight.name }}' },
          { key: 'spec.containers.0.image', value: 'example/app:v2' },
        ],
      },
    },
  ],

  async run({ path, updates }, world) {
    const items = updates.map(({ key, value }) => `${key}: ${explainScalar(value)}`);
    const edits = readEdits(updates);
    const edit = async (text: string): Promise<string> =>
      workAside('updateYaml', [text, edits], world.signal);
    return { output: await updateFile({ path, edit, items }, world) };
  },
});
