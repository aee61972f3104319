import { atMostOne, boolean, integer, list, object, optional, string } from '../../core/schema/describe.ts';
import { orNull } from '../../core/schema/nullable.ts';
import { defineStep } from '../define-step.ts';
import { openPullRequest } from '../open-pull-request.ts';
import { openReads } from '../pull-request-branches.ts';
import { hostFields } from '../pull-request-fields.ts';

export const gitOpenPr = defineStep({
  kind: 'git-open-pr',
  summary: 'Opens a pull request, or adopts the one that is open between the same branches.',
  description: [
    'However often it is tried, there is one pull request: before it opens one it looks for an open one between the two',
    'branches, or a merged one that held the same commits. One that was closed does not count.',
    '',
    'When the two branches hold the same files the step is Skipped: `prNumber` and `pr.id` are null, `reason` says why, and',
    '`git-wait-for-pr` and `git-merge-pr` that are given that number are Skipped, too.',
    '',
    'A target branch that `createTargetBranch` begins has no history. Hosts open no pull request between branches that have',
    'no history in common, so the commits of the source branch (at most 100) are put on top of it, and the branch is',
    'overwritten with them unless somebody else pushed meanwhile.',
    '',
    'With `spec.commitStatuses: true` in the ProjectConfig of a project, the heads of its pull requests and the commits it',
    'pushes carry the status `gantry/<project>/<stage>` at their host: pending while the promotion goes on, then success or',
    'failure. A status that cannot be written is a warning in the log of the worker.',
  ].join('\n'),
  place: 'io',
  effect: 'external',
  repeatable: true,
  tools: ['git'],
  reads: openReads,

  config: object(
    {
      repoURL: string('Repository that gets the pull request.', { minLength: 1 }),
      ...hostFields,
      sourceBranch: optional(
        string('Branch with the changes; default the one that the only `git-push` before this step pushed.', {
          minLength: 1,
        }),
      ),
      sourceBranchFromStep: optional(
        string('Step whose output branch is the source branch.', {
          minLength: 1,
          deprecated: true,
          'x-instead': '"sourceBranch" with an expression such as ${{ outputs.push.branch }}',
        }),
      ),
      targetBranch: optional(
        string('Branch that the changes are for; default that of the repository.', { minLength: 1 }),
      ),
      createTargetBranch: optional(
        boolean('Begins the target branch with an empty commit when it does not exist.', { default: false }),
      ),
      title: optional(string('Title; default the first line of the last commit message.', { minLength: 1 })),
      description: optional(
        string(
          'Description; default the rest of that message, or all of it where a title is given. A link to the Stage comes after it when the operator names the address of the user interface.',
          { minLength: 1 },
        ),
      ),
      labels: optional(
        list(
          'Labels of a new pull request. Missing ones are made where the host allows it.',
          string('A label.', { minLength: 1 }),
        ),
      ),
      assignees: optional(
        list(
          'Who a new pull request is assigned to, by user names of the host.',
          string('A user name.', { minLength: 1 }),
        ),
      ),
      reviewers: optional(
        list(
          'Who is asked to review it, by user names of the host.',
          string('A user name.', { minLength: 1 }),
        ),
      ),
      draft: optional(boolean('Opens it as a draft.', { default: false })),
    },
    atMostOne('sourceBranch', 'sourceBranchFromStep'),
  ),

  outputs: object({
    pr: object({
      id: orNull(integer('Number of the pull request.')),
      url: orNull(string('Its web page.')),
    }),
    prNumber: orNull(integer('The same number, as older versions of Kargo call it.')),
    commit: optional(string('When Skipped: ID of the commit at the head of the target branch.')),
    reason: optional(string('When Skipped: why.')),
  }),

  examples: [
    {
      title: 'Propose what git-push pushed',
      as: 'open-pr',
      config: {
        repoURL: 'https://github.com/example/repo.git',
        createTargetBranch: true,
        sourceBranch: '${{ outputs.push.branch }}',
        targetBranch: 'stage/${{ ctx.stage }}',
      },
    },
    {
      title: 'With words, labels and people',
      as: 'open-pr',
      config: {
        repoURL: 'https://github.com/example/repo.git',
        sourceBranch: '${{ outputs.push.branch }}',
        targetBranch: 'main',
        title: 'Promote ${{ ctx.targetFreight.alias }} to ${{ ctx.stage }}',
        description: 'Started by ${{ ctx.meta.promotion.actor }}',
        labels: ['promotion'],
        reviewers: ['ada'],
      },
    },
  ],

  run: (config, world) => openPullRequest(config, world) as never,
});
