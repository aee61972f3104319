import { boolean, exactlyOne, list, object, optional, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';

export const gitTag = defineStep({
  kind: 'git-tag',
  summary: 'Makes annotated tags on the commit a work tree is at.',
  description:
    'The tags stay in the clone until `git-push` pushes them with `tag` or `tags`. They are signed when `git-clone` was ' +
    'given a key. A tag that exists already, on the same commit and with the same message, is a success; any other is an ' +
    'error. When a later `git-push` has to make the commit anew on top of those of others, the tag is carried over. As ' +
    'with `git tag`, lines of the message that begin with `#` are left out.',
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,
  tools: ['git'],

  config: object(
    {
      path: string('Work tree whose commit is tagged.', { minLength: 1 }),
      tag: optional(string('Name of the tag.', { minLength: 1 })),
      tags: optional(
        list('Names of several tags, all with the same message.', string('A name.', { minLength: 1 }), {
          minItems: 1,
        }),
      ),
      message: optional(string('The message; default the name of the tag.', { minLength: 1 })),
      force: optional(
        boolean('Replaces a tag that exists in the clone. At the remote it stays what it is.', {
          default: false,
        }),
      ),
    },
    exactlyOne('tag', 'tags'),
  ),

  outputs: object({ commit: string('ID of the commit that is tagged.') }),

  examples: [
    {
      title: 'Tag the release',
      as: 'tag',
      config: {
        path: './out',
        tag: 'release-${{ ctx.stage }}-${{ ctx.targetFreight.alias }}',
        message: 'Release of ${{ ctx.targetFreight.alias }} to ${{ ctx.stage }}',
      },
    },
  ],

  async run({ path, tag, tags, message, force }, { git, workspace, startedAt }) {
    const tree = await git.openWorkTree(await workspace.resolve(path), path);
    const commit = await tree.tag({
      names: tag ? [tag] : (tags ?? []),
      ...(message !== undefined && { message }),
      force: force ?? false,
      date: startedAt,
    });
    return { output: { commit } };
  },
});
