import {
  atMostOne,
  boolean,
  integer,
  list,
  map,
  object,
  oneOf,
  optional,
  string,
} from '../../core/schema/describe.ts';
import { findCommitURL, webHosts } from '../../providers/git/commit-url.ts';
import type { WorkTree } from '../../providers/git/work-tree.ts';
import { defineStep } from '../define-step.ts';
import { targetFields, targetOf } from '../push-target.ts';

export const gitPush = defineStep({
  kind: 'git-push',
  summary: 'Pushes the commits of a work tree, or a tag, to the repository it was cloned from.',
  description:
    'When the branch moved on at the remote, its commits are taken in (by default: ours are rebased onto them) and the ' +
    'push is tried again; tags on commits that had to be made anew are carried over to the new ones. A conflict ends the step as Failed and leaves the work tree as it was. Nothing new to push is ' +
    'a success.',
  place: 'workspace',
  effect: 'external',
  repeatable: true,
  tools: ['git'],

  config: object(
    {
      ...targetFields,
      tag: optional(string('Tag to push instead of commits.')),
      tags: optional(
        list('Tags to push instead of commits: all of them, or none.', string('A tag.', { minLength: 1 }), {
          minItems: 1,
        }),
      ),
      force: optional(
        boolean(
          'Overwrites what the branch has at the remote: commits of others are lost. Never more than was seen there.',
          { default: false },
        ),
      ),
      maxAttempts: optional(
        integer('How often to try when others push at the same time.', {
          minimum: 1,
          maximum: 2_147_483_647,
          default: 50,
        }),
      ),
      provider: optional(
        oneOf('Git host, for the web address of the commit, where the URL does not tell.', webHosts),
      ),
    },
    atMostOne('targetBranch', 'generateTargetBranch', 'tag', 'tags'),
    atMostOne('tag', 'tags', 'force'),
  ),

  outputs: object({
    branch: optional(string('Branch that was pushed to; with tag, the branch that is checked out, if any.')),
    commit: string('ID of the commit at the head of the work tree after the push.'),
    commitURL: optional(string('Web address of the commit, where the Git host is known.')),
    rewritten: optional(
      map('New IDs of commits that had to be made anew, by their old ones.', string('ID of a commit.')),
    ),
  }),

  examples: [
    { title: 'Push to the branch that is checked out', as: 'push', config: { path: './out' } },
    {
      title: 'Push to a branch for a pull request',
      as: 'push',
      config: { path: './out', generateTargetBranch: true },
    },
  ],

  async run({ path, tag, tags: several = [], maxAttempts = 50, provider, ...config }, world) {
    const { git, workspace, startedAt, alias } = world;
    const tree = await git.openWorkTree(await workspace.resolve(path), path);
    const tags = tag ? [tag] : several;
    const pushed =
      tags.length > 0
        ? await tree.pushTags(tags)
        : await tree.push({ ...targetOf(config, world), maxAttempts, date: startedAt });
    const { branch, sha, rewritten } = pushed;
    const url = findCommitURL(tree.remote, sha, provider);
    return {
      output: {
        ...(branch && { branch }),
        commit: sha,
        ...(url && { commitURL: url }),
        ...(Object.keys(rewritten).length > 0 && { rewritten }),
      },
      commits: tags.length > 0 || !branch ? [] : [describe(tree, alias, branch, sha, url)],
    };
  },
});

function describe(tree: WorkTree, step: string, branch: string, sha: string, url: string | undefined) {
  return { step, repoURL: tree.remote.text, branch, sha, ...(url && { url }) };
}
