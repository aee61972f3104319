import { TerminalError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { pullRequestKey } from '../core/pull-request-key.ts';
import type { WebHost } from '../providers/git/commit-url.ts';
import type { HostedRepository } from '../providers/git-hosts/git-host.ts';
import type { StepOutcome, StepWorld } from './define-step.ts';
import { findRead, readsOf } from './step-reads.ts';

/** What the steps that deal with one pull request are told about it. */
export interface RequestConfig {
  readonly repoURL?: string;
  readonly prNumber?: number | string | null;
  readonly prNumberFromStep?: string;
  readonly provider?: WebHost;
  readonly insecureSkipTLSVerify?: boolean;
}

/** Output keys such a step reads. */
export const requestReads = ['prNumber', 'pr', 'commit'] as const;

/** A pull request by its number, which may turn out not to exist. */
export interface RequestedPullRequest {
  readonly repoURL: string;
  readonly repository: HostedRepository;
  readonly number: number;
  /** For messages: `pull request #7 of github.com/acme/ops`. */
  readonly label: string;
}

/**
 * The pull request that a config asks for, its events led to this promotion; or, where the `git-open-pr` that was to open
 * it had nothing to do, how the step ends: Skipped, with the head of the target branch.
 */
export async function findRequested(
  config: RequestConfig,
  world: StepWorld,
): Promise<RequestedPullRequest | StepOutcome<{ commit: string }>> {
  const number = numberOf(config, world);
  if (number === undefined) return skip(config, world);
  const { repoURL, provider, insecureSkipTLSVerify: skipVerify = false } = config;
  if (repoURL === undefined)
    throw new TerminalError('repoURL: is required: there is no one git-open-pr to take it from');
  const repository = await world.gitHosts.open(repoURL, { ...(provider && { provider }), skipVerify });
  if (!isOurs(number, world)) await world.watchPullRequest(pullRequestKey(repository.name, number));
  return { repoURL, repository, number, label: `pull request #${number} of ${repository.name}` };
}

/** Undefined where there is none. */
function numberOf(
  { prNumber = null, prNumberFromStep: step }: RequestConfig,
  world: StepWorld,
): number | undefined {
  if (step === undefined || prNumber !== null) return prNumber === null ? undefined : Number(prNumber);
  const read = findRead(world, 'prNumber', step);
  if (!read) {
    throw new TerminalError(
      `prNumberFromStep: step ${JSON.stringify(step)} has no output prNumber; name a git-open-pr before this one`,
    );
  }
  if (read.value === null) return undefined;
  const number = Number(read.value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new TerminalError(`prNumberFromStep: prNumber of step ${JSON.stringify(step)} is no number`);
}

function skip({ prNumberFromStep: step }: RequestConfig, world: StepWorld): StepOutcome<{ commit: string }> {
  const skipped = readsOf(world, 'prNumber').filter(({ value }) => value === null);
  const alias = step === undefined ? skipped.at(-1)?.alias : findRead(world, 'prNumber', step)?.alias;
  const commit = readsOf(world, 'commit').findLast((read) => read.alias === alias)?.value;
  if (alias === undefined || typeof commit !== 'string') {
    throw new TerminalError('prNumber: is empty, and no git-open-pr before this step was Skipped');
  }
  return {
    status: 'Skipped',
    output: { commit },
    message: `step "${alias}" had no pull request to open`,
  };
}

function isOurs(number: number, world: StepWorld): boolean {
  return readsOf(world, 'pr').some(({ value }) => isObject(value) && value['id'] === number);
}
