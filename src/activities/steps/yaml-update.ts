import { readFile, stat } from 'node:fs/promises';
import { splitKey } from '../../core/edit/key-path.ts';
import { explainScalar } from '../../core/edit/scalar-value.ts';
import type { YamlEdit } from '../../core/edit/yaml-update.ts';
import { messageOf } from '../../core/errors.ts';
import { list, object, scalar, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { placeFile } from '../place-file.ts';
import { updateYamlAside } from '../update-yaml.ts';

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
    const file = await workspace.resolve(path);
    const before = await readText(file, path);
    const after = await updateYamlAside(before, readEdits(updates), signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new Error(`${path}: ${messageOf(error)}`, { cause: error });
    });
    if (after !== before) await placeFile(workspace.root, file, after);
    const lines = updates.map(({ key, value }) => `- ${key}: ${explainScalar(value)}`);
    return { output: { commitMessage: `Updated ${path}\n\n${lines.join('\n')}` } };
  },
});

const maximumBytes = 16 * 1024 * 1024;

async function readText(file: string, path: string): Promise<string> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (!found) throw new Error(`path "${path}" does not exist`);
  if (!found.isFile()) throw new Error(`path "${path}" is no file`);
  if (found.size > maximumBytes)
    throw new Error(`path "${path}" has ${found.size} bytes: at most ${maximumBytes} can be edited`);
  const bytes = await readFile(file);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Error(`path "${path}" is no UTF-8 text`, { cause: error });
  }
}

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
