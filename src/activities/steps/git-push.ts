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
      path: string('Work tree to push.', { minLength: 1 }),
      targetBranch: optional(string('Branch of the remote; default the one that is checked out.')),
      generateTargetBranch: optional(
        boolean(
          'Pushes to a branch of this promotion, `kargo/promotion/<promotion>`, overwriting it. A project names it otherwise ' +
            'with `spec.generatedBranch` of its ProjectConfig, for instance ' +
            '`kargo/${{ ctx.project }}/${{ ctx.stage }}/promotion`.',
          { default: false },
        ),
      ),
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

  async run({ path, targetBranch, generateTargetBranch, tag, force, maxAttempts, provider, ...rest }, world) {
    const { git, workspace, promotion, startedAt, alias } = world;
    const generatedBranch = world.generatedBranch ?? `kargo/promotion/${promotion.name}`;
    const tree = await git.openWorkTree(await workspace.resolve(path), path);
    const target = generateTargetBranch ? generatedBranch : targetBranch?.trim();
    const request = {
      force: force || generateTargetBranch || false,
      maxAttempts: maxAttempts ?? 50,
      date: startedAt,
    };
    const tags = tag ? [tag] : (rest.tags ?? []);
    const pushed =
      tags.length > 0
        ? await tree.pushTags(tags)
        : await tree.push({ ...request, ...(target && { target }) });
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
