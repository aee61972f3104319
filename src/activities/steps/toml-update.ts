import { renderToml, type TomlValue } from '../../core/edit/toml-update.ts';
import { exact, list, object, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { readEdits, updateFile, type Update } from '../update-file.ts';
import { workAside } from '../work-aside.ts';

export const tomlUpdate = defineStep({
  kind: 'toml-update',
  summary: 'Sets values in a TOML file; comments, order and layout survive.',
  description: [
    'Only the values change: every other byte stays, which is proven by reading the result again. All updates are made, or',
    'none. Keys are never created.',
    '',
    'In a key `.` goes one level down and a number names an item of a list or of a list of tables: `services.1.port`. A dot',
    'in a name is written `\\.`.',
    '',
    'What an expression makes of text is written as a number or boolean only if that prints back to the same text: `3` and',
    '`true`, but not `1.20`, `007` or `1e5`. A whole number is written as a fraction (`3.0`) where a fraction stood.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    path: string('The file.', { minLength: 1 }),
    updates: list(
      'What to set.',
      object({
        key: string('Where: `package.version`, `services.1.port`, `labels.example\\.org/rev`.', {
          minLength: 1,
        }),
        value: exact('The new value: text, a number or a boolean.', ['string', 'number', 'boolean']),
      }),
      { minItems: 1 },
    ),
  }),

  outputs: object({
    commitMessage: string('What was set, for git-commit.'),
  }),

  examples: [
    {
      title: 'Set the version of a crate',
      as: 'update-crate',
      config: {
        path: './src/Cargo.toml',
        updates: [{ key: 'package.version', value: "${{ imageFrom('ghcr.io/example/app').Tag }}" }],
      },
    },
  ],

  async run({ path, updates }, world) {
    const known = updates as readonly Update<TomlValue>[];
    const items = known.map(({ key, value }) => `${key}: ${renderToml(value)}`);
    const edits = readEdits(known);
    const edit = async (text: string): Promise<string> =>
      workAside('updateToml', [text, edits], world.signal);
    return { output: await updateFile({ path, edit, items }, world) };
  },
});
