import { splitKey } from '../../core/edit/key-path.ts';
import { explainScalar } from '../../core/edit/scalar-value.ts';
import type { YamlEdit } from '../../core/edit/yaml-update.ts';
import { messageOf } from '../../core/errors.ts';
import { list, object, scalar, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { placeFile } from '../place-file.ts';
import { readText } from '../read-text.ts';
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

  async run({ path, updates }, { workspace, signal }) {
    const { file, text } = await readText(workspace, path);
    const after = await workAside('updateYaml', [text, readEdits(updates)], signal).catch(
      (error: unknown) => {
        if (signal.aborted) throw error;
        throw new Error(`${path}: ${messageOf(error)}`, { cause: error });
      },
    );
    if (after !== text) await placeFile(workspace.root, file, after);
    const lines = updates.map(({ key, value }) => `- ${key}: ${explainScalar(value)}`);
    return { output: { commitMessage: `Updated ${path}\n\n${lines.join('\n')}` } };
  },
});

interface Update {
  readonly key: string;
  readonly value: YamlEdit['value'];
}

/** Throws an Error with every key that cannot be meant. */
function readEdits(updates: readonly Update[]): readonly YamlEdit[] {
  const problems: string[] = [];
  const edits = updates.flatMap(({ key, value }, index) => {
    try {
      return [{ path: splitKey(key).map(readPart), value }];
    } catch (error) {
      problems.push(`updates[${index}].key: ${messageOf(error)}`);
      return [];
    }
  });
  if (problems.length > 0) throw new Error(problems.join('; '));
  return edits;
}

/** Numbers in brackets read better in messages. */
function readPart(part: string): string | number {
  return /^(-1|0|[1-9]\d{0,8})$/.test(part) ? Number(part) : part;
}
