import type { MergeSource } from '../../core/edit/yaml-merge.ts';
import { boolean, list, object, optional, string } from '../../core/schema/describe.ts';
import { defineStep, type Workspace } from '../define-step.ts';
import { placeFile } from '../place-file.ts';
import { findText } from '../read-text.ts';
import { workAside } from '../work-aside.ts';

export const yamlMerge = defineStep({
  kind: 'yaml-merge',
  summary: 'Merges YAML files into one, later ones winning.',
  description: [
    'Maps are merged key by key; keys that a later file adds come after the others, sorted. A null deletes its key. All else',
    'is replaced, lists too, except in Kubernetes objects those that have a merge key: containers, ports, env, volumes and',
    'their like are merged item by item.',
    '',
    'Of each file the first document counts; empty files do not. The result is written anew, with two blanks per level;',
    'values keep their spelling, comments stay with what they are about. An alias stays where it means the same afterwards.',
    'Line ends, and a byte order mark, are those of the first file that is not empty.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    inFiles: list('The files, the most general first.', string('A file.'), { minItems: 1 }),
    outFile: string('Where the result goes; it may be one of the files.', { minLength: 1 }),
    ignoreMissingFiles: optional(boolean('Files that are not there do not matter.', { default: false })),
  }),

  outputs: object({
    commitMessage: optional(
      string('What was merged, for git-commit. Absent when none of the files is there.'),
    ),
  }),

  examples: [
    {
      title: 'Values for all stages, and those of this one',
      as: 'merge-values',
      config: {
        inFiles: ['./src/values.yaml', './src/stages/${{ ctx.stage }}/values.yaml'],
        outFile: './out/values.yaml',
        ignoreMissingFiles: true,
      },
    },
  ],

  async run({ inFiles, outFile, ignoreMissingFiles = false }, { workspace, signal }) {
    const sources = await readSources(inFiles, ignoreMissingFiles, workspace);
    const texts = sources.map(({ text }) => text);
    const names = sources.map(({ name }) => name);
    const merged = await workAside('mergeYaml', [names, texts], signal);
    await placeFile(workspace.root, await workspace.resolve(outFile), merged);
    if (sources.length === 0) return {};
    return { output: { commitMessage: explain(names, outFile) } };
  },
});

async function readSources(
  paths: readonly string[],
  ignoresMissing: boolean,
  workspace: Workspace,
): Promise<readonly MergeSource[]> {
  const found = await Promise.all(
    paths.map(async (name) => ({ name, read: await findText(workspace, name) })),
  );
  const missing = found.filter(({ read }) => !read).map(({ name }) => `"${name}"`);
  if (missing.length > 0 && !ignoresMissing) throw new Error(`inFiles: no such file: ${missing.join(', ')}`);
  return found.flatMap(({ name, read }) => (read ? [{ name, text: read.text }] : []));
}

function explain(names: readonly string[], outFile: string): string {
  if (names.length === 1) return `Wrote ${names[0]} to ${outFile}`;
  return [`Merged ${names.length} YAML files to ${outFile}`, ...names.map((name) => `- ${name}`)].join('\n');
}
