import { object, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';

export const gitClear = defineStep({
  kind: 'git-clear',
  summary: 'Deletes all content of a Git work tree, so that what comes next replaces it.',
  description:
    'Does what `git add . && git rm -rf --ignore-unmatch .` does: files that `.gitignore` names survive, unless they are ' +
    'tracked. A path below the root of the work tree clears that folder only.',
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,
  tools: ['git'],

  config: object({
    path: string('Work tree to clear, or a folder in it.', { minLength: 1 }),
  }),

  examples: [{ title: 'Make room for newly rendered manifests', config: { path: './out' } }],

  async run({ path }, { git, workspace }) {
    const tree = await git.openWorkTree(await workspace.resolve(path), path);
    await tree.clear();
    return {};
  },
});
