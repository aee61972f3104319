import { splitJsonKey } from '../../core/edit/json-key.ts';
import { renderJson } from '../../core/edit/render-json.ts';
import { quoteText } from '../../core/expression/format/quote.ts';
import type { Json } from '../../core/json.ts';
import { exact, list, object, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { readKeys, updateFile } from '../update-file.ts';
import { workAside } from '../work-aside.ts';

export const jsonUpdate = defineStep({
  kind: 'json-update',
  summary: 'Sets values in a JSON file; comments, order and layout survive.',
  description: [
    'Only what is set changes: every other byte stays, which is proven by reading the result again. All updates are made,',
    'one after the other, or none. What is missing is created, in the style of what stands beside it.',
    '',
    'In a key `.` goes one level down, a number names an item of a list and `-1` adds one behind it. `\\.` is a dot in a',
    'name, `:80` a name that looks like a number, `containers.#(name=="app").image` the first item that is so (with `)#` all',
    'of them; also `!=`, `<`, `<=`, `>`, `>=` and, for patterns, `%` and `!%`), `containers.#.image` is all items. `*` and `?`',
    'stand for other signs where nothing is called so: the first member that fits is set. What only searches makes nothing: a',
    'search without a find is an error, and `\\*` is the sign itself.',
    '',
    'What an expression makes of text is written as a number or boolean only if that prints back to the same text: `3` and',
    '`true`, but not `1.20`, `007` or `1e5`.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    path: string('The file.', { minLength: 1 }),
    updates: list(
      'What to set.',
      object({
        key: string('Where: `image.tag`, `hosts.-1`, `annotations.example\\.com/rev`.', { minLength: 1 }),
        value: exact('The new value: text, a number, a boolean, a list or an object.', [
          'string',
          'number',
          'boolean',
          'array',
          'object',
        ]),
      }),
      { minItems: 1 },
    ),
  }),

  outputs: object({
    commitMessage: string('What was set, for git-commit.'),
  }),

  examples: [
    {
      title: 'Set a version and a dependency',
      as: 'update-package',
      config: {
        path: './src/package.json',
        updates: [
          { key: 'version', value: "${{ imageFrom('ghcr.io/example/app').Tag }}" },
          { key: 'dependencies.@example/ui', value: '2.0.0' },
        ],
      },
    },
    {
      title: 'Add an item, and set one that is found by its name',
      config: {
        path: './src/app.json',
        updates: [
          { key: 'promotedTo.-1', value: '${{ ctx.stage }}' },
          { key: 'services.#(name=="web").tag', value: 'v2' },
        ],
      },
    },
  ],

  async run({ path, updates }, world) {
    readKeys('updates', updates, ({ key }) => splitJsonKey(key));
    const items = updates.map(({ key, value }) => `${key}: ${explain(value)}`);
    const edit = async (text: string): Promise<string> =>
      workAside('updateJson', [text, updates, world.again], world.signal);
    return { output: await updateFile({ path, edit, items }, world) };
  },
});

function explain(value: Json): string {
  return typeof value === 'string' ? quoteText(value) : renderJson(value);
}
