import { TerminalError } from '../../core/errors.ts';
import { atMostOne, boolean, integer, map, object, optional, string } from '../../core/schema/describe.ts';
import { findCommitURL } from '../../providers/git/commit-url.ts';
import { defineStep } from '../define-step.ts';
import { targetFields, targetOf } from '../push-target.ts';

export const githubPush = defineStep({
  kind: 'github-push',
  summary:
    'Pushes the commits of a work tree to GitHub in such a way that GitHub signs them and calls them Verified.',
  description:
    'The commits are made anew by the API of GitHub, one by one with their trees and messages, so that their IDs change: ' +
    'the work tree is at the new ones afterwards. Those that the signing key of the promotion signed become commits of ' +
    "the token's owner; another author is named as co-author. Commits that nobody trusted has signed keep their author " +
    'and stay unverified, unless the operator of the worker says otherwise (`github.verifyUntrusted`). At most ' +
    '`github.maxCommits` commits, by default 10, are made at a time.\n\n' +
    'A token is needed: one of a user, or a GitHub App (keys `githubAppID`, `githubAppInstallationID` and ' +
    '`githubAppPrivateKey` of the Secret). When the branch moved on at the remote, its commits are taken in as git-push does.',
  place: 'workspace',
  effect: 'external',
  repeatable: true,
  tools: ['git'],

  config: object(
    {
      ...targetFields,
      force: optional(
        boolean('Overwrites what the branch has at the remote: commits of others are lost.', {
          default: false,
        }),
      ),
      maxAttempts: optional(
        integer('How often to try when others push at the same time.', {
          minimum: 1,
          maximum: 2_147_483_647,
          default: 10,
        }),
      ),
      insecureSkipTLSVerify: optional(
        boolean('Do not check the certificate of the API.', { default: false }),
      ),
    },
    atMostOne('targetBranch', 'generateTargetBranch'),
  ),

  outputs: object({
    branch: string('Branch that was pushed to.'),
    commit: string('ID of the commit that GitHub made last: the head of the work tree after the push.'),
    commitURL: optional(string('Web address of the commit.')),
    rewritten: optional(map('New IDs of commits, by their old ones.', string('ID of a commit.'))),
  }),

  examples: [
    {
      title: 'Push verified commits to the branch that is checked out',
      as: 'push',
      config: { path: './out' },
    },
    {
      title: 'Push to a branch for a pull request',
      as: 'push',
      config: { path: './out', generateTargetBranch: true },
    },
  ],

  async run({ path, maxAttempts = 10, insecureSkipTLSVerify = false, ...config }, world) {
    const { git, gitHosts, workspace, promotion, startedAt, alias } = world;
    const tree = await git.openWorkTree(await workspace.resolve(path), path);
    const { commits: host } = await gitHosts.open(tree.remote.text, {
      provider: 'github',
      skipVerify: insecureSkipTLSVerify,
      needsToken: true,
    });
    if (!host) throw new TerminalError('this Git host makes no commits');
    const pushed = await tree.replay(host, {
      ...targetOf(config, world),
      maxAttempts,
      date: startedAt,
      staging: `refs/kargo/staging/${promotion.name}`,
    });
    const { branch = '', sha, rewritten } = pushed;
    const url = findCommitURL(tree.remote, sha, 'github');
    const repoURL = tree.remote.text;
    return {
      output: {
        branch,
        commit: sha,
        ...(url && { commitURL: url }),
        ...(Object.keys(rewritten).length > 0 && { rewritten }),
      },
      commits: [{ step: alias, repoURL, branch, sha, ...(url && { url }) }],
    };
  },
});
