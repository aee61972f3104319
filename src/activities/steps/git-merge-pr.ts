import { parseDuration } from '../../core/duration.ts';
import { NotYet, TerminalError } from '../../core/errors.ts';
import {
  atMostOne,
  boolean,
  listNames,
  object,
  oneThere,
  optional,
  string,
} from '../../core/schema/describe.ts';
import { mergeMethods, type HostedRepository } from '../../providers/git-hosts/git-host.ts';
import { defineStep, type StepWorld } from '../define-step.ts';
import { findMergeCommit } from '../merge-commit.ts';
import { waitWhileBusy } from '../wait-while-busy.ts';
import { inherits, requestFields } from '../pull-request-fields.ts';
import { findRequested, type RequestedPullRequest, requestReads } from '../requested-pull-request.ts';

export const gitMergePr = defineStep({
  kind: 'git-merge-pr',
  summary: 'Merges a pull request.',
  description: [
    'A request that is merged already is a success. One that may become ready by itself (checks, approvals, a merge queue, a',
    'draft) is waited for with `wait: true`, else the step is Failed. One that its host refuses to merge (conflicts, closed) is',
    'Failed at once, with the reason. Errors of the network and of the host are tried again, as `retry` says.',
    '',
    ...Object.entries(mergeMethods).map(
      ([host, methods]) => `- \`mergeMethod\` of ${host}: ${codeList(methods)}`,
    ),
  ].join('\n'),
  place: 'io',
  effect: 'external',
  repeatable: true,
  tools: ['git'],
  reads: requestReads,
  inherits,

  config: object(
    {
      ...requestFields,
      wait: optional(
        boolean('Goes on trying while the request is not ready to be merged.', { default: false }),
      ),
      pollInterval: optional(
        string('With wait: time to the second attempt; it grows.', { duration: true, default: '10s' }),
      ),
      mergeMethod: optional(
        string('How to merge, in the words of the host; default what the repository prefers.', {
          minLength: 1,
        }),
      ),
    },
    atMostOne('prNumber', 'prNumberFromStep'),
    oneThere('prNumber', 'prNumberFromStep'),
  ),

  outputs: object({ commit: string('ID of the commit at the head of the target branch after the merge.') }),

  examples: [
    {
      title: 'Merge what an earlier step opened, as soon as its checks are done',
      config: {
        repoURL: 'https://github.com/example/repo.git',
        prNumber: "${{ outputs['open-pr'].pr.id }}",
        wait: true,
        mergeMethod: 'squash',
      },
    },
  ],

  async run({ wait, pollInterval = '10s', mergeMethod: method, ...config }, world) {
    const requested = await findRequested(config, world);
    if (!('repository' in requested)) return requested;
    const { repository, number, label } = requested;
    checkMethod(repository, method);
    const merging = repository.mergePullRequest(number, { ...(method && { method }) });
    const end = await (wait ? merging.catch(waitWhileBusy) : merging);
    if (end.kind === 'merged') {
      return { output: { commit: end.commit || (await readMerged(requested, config, world)) } };
    }
    if (end.kind === 'refused') throw new TerminalError(`${label} cannot be merged: ${end.reason}`);
    const message = `${label} is not ready to be merged: ${end.reason}`;
    if (wait) throw new NotYet(message, parseDuration(pollInterval));
    throw new TerminalError(`${message}; set wait: true to wait for it`);
  },
});

function checkMethod({ kind }: HostedRepository, method: string | undefined): void {
  if (method === undefined || mergeMethods[kind].includes(method)) return;
  const known = listNames(mergeMethods[kind], 'or');
  throw new TerminalError(`mergeMethod: ${JSON.stringify(method)} is none of ${kind}; write ${known}`);
}

/** The host merged it and did not say to which commit: it may tell when it is asked again. */
async function readMerged(
  { repository, repoURL, number, label }: RequestedPullRequest,
  { insecureSkipTLSVerify = false }: { readonly insecureSkipTLSVerify?: boolean },
  world: StepWorld,
): Promise<string> {
  const merged = await repository.readPullRequest(number);
  if (!merged) throw new Error(`${label} was merged and is gone`);
  return findMergeCommit({ repoURL, insecureSkipTLSVerify, merged }, world);
}

function codeList(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
