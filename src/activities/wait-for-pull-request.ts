import { parseDuration } from '../core/duration.ts';
import { NotYet, TerminalError } from '../core/errors.ts';
import { boolean, integer, object, oneThere, atMostOne, optional, string } from '../core/schema/describe.ts';
import type { PullRequest } from '../providers/git-hosts/git-host.ts';
import { createSharedLooks } from '../providers/git-hosts/shared-looks.ts';
import type { StepDefinition, StepOutcome, StepWorld } from './define-step.ts';
import { defineStep } from './define-step.ts';
import { findMergeCommit } from './merge-commit.ts';
import { inherits, requestFields } from './pull-request-fields.ts';
import { waitWhileBusy } from './wait-while-busy.ts';
import { findRequested, type RequestConfig, requestReads } from './requested-pull-request.ts';

/** The step that waits for a pull request, under one of its names. */
export function defineWaitForPullRequest(kind: string): StepDefinition {
  return defineStep({
    kind,
    summary: 'Waits until a pull request is merged; closed without being merged ends the step as Failed.',
    description: [
      'Nothing is held while it waits, however many weeks. An event of the host, or `gantry refresh`, makes it look at once;',
      'without any it looks after `pollInterval`, then less and less often, up to once an hour. Many who wait in one',
      'repository share a listing of its open pull requests. In a merge queue a request goes on being waited for.',
      '',
      '`commit` is the one the merge left at the head of the target branch, as the host tells it. Where it tells none it is',
      'the head of that branch.',
    ].join('\n'),
    place: 'io',
    effect: 'none',
    repeatable: true,
    tools: ['git'],
    reads: requestReads,
    inherits,

    config: object(
      {
        ...requestFields,
        pollInterval: optional(
          string('Time to the second look; the host is not asked more often than every 10 s.', {
            duration: true,
            default: '30s',
          }),
        ),
      },
      atMostOne('prNumber', 'prNumberFromStep'),
      oneThere('prNumber', 'prNumberFromStep'),
    ),

    outputs: object({
      commit: optional(string('ID of the commit at the head of the target branch after the merge.')),
      pr: optional(
        object(
          {
            id: integer('Number of the pull request.'),
            url: string('Its web page.'),
            open: boolean('It is neither merged nor closed.'),
            merged: boolean('It is merged.'),
          },
          { description: 'The pull request; also while it is waited for. Absent when the step is Skipped.' },
        ),
      ),
    }),

    examples: [
      {
        title: 'Wait for the pull request that an earlier step opened',
        as: 'wait-for-pr',
        config: {
          repoURL: 'https://github.com/example/repo.git',
          prNumber: "${{ outputs['open-pr'].pr.id }}",
        },
      },
    ],

    run: ({ pollInterval, ...config }, world) => waitFor(config, pollInterval, world),
  });
}

const looks = createSharedLooks();

interface WaitOutput {
  commit?: string;
  pr?: { id: number; url: string; open: boolean; merged: boolean };
}

async function waitFor(
  config: RequestConfig,
  pollInterval = '30s',
  world: StepWorld,
): Promise<StepOutcome<WaitOutput>> {
  const requested = await findRequested(config, world);
  if (!('repository' in requested)) return requested;
  const { repoURL, repository, number, label } = requested;
  const interval = parseDuration(pollInterval) ?? 30_000;
  const owner = JSON.stringify([world.promotion.project, config.insecureSkipTLSVerify ?? false]);
  const look = { owner, isFresh: !world.again, interval, signal: world.signal };
  const found = await looks.look(repository, number, look).catch(waitWhileBusy);
  if (!found) throw new Error(`${label} does not exist; check prNumber and repoURL`);
  const pr = {
    id: found.number,
    url: found.url,
    open: found.state === 'open',
    merged: found.state === 'merged',
  };
  if (pr.open) throw new NotYet(`${label} ${explainOpen(found)}`, interval, { pr });
  if (!pr.merged) throw new TerminalError(`${label} was closed without being merged`, { output: { pr } });
  const { insecureSkipTLSVerify = false } = config;
  const commit = await findMergeCommit({ repoURL, insecureSkipTLSVerify, merged: found }, world);
  return { output: { pr, commit } };
}

function explainOpen({ isQueued, isDraft }: PullRequest): string {
  if (isQueued) return 'is open, and waits to be merged by its host';
  return isDraft ? 'is open, as a draft' : 'is open';
}
