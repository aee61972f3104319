import { messageOf, TerminalError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { pullRequestKey } from '../core/pull-request-key.ts';
import { pullRequestText, stageLink } from '../core/pull-request-text.ts';
import type { WebHost } from '../providers/git/commit-url.ts';
import type { HostedRepository, NewPullRequest, PullRequest } from '../providers/git-hosts/git-host.ts';
import type { StepOutcome, StepWorld } from './define-step.ts';
import {
  type BranchConfig,
  type Branches,
  compareBranches,
  findBranches,
  findSource,
} from './pull-request-branches.ts';

/** What `git-open-pr` is told. */
export interface OpenConfig extends BranchConfig {
  readonly repoURL: string;
  readonly provider?: WebHost;
  readonly insecureSkipTLSVerify?: boolean;
  readonly title?: string;
  readonly description?: string;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly reviewers?: readonly string[];
  readonly draft?: boolean;
}

/** What it puts out; all but `commit` and `reason` are null when it was Skipped. */
export interface OpenOutput {
  readonly pr: { readonly id: number | null; readonly url: string | null };
  readonly prNumber: number | null;
  readonly commit?: string;
  readonly reason?: string;
}

/** Opens the pull request, or adopts the one that says the same. Skipped when there is nothing to merge. */
export async function openPullRequest(config: OpenConfig, world: StepWorld): Promise<StepOutcome> {
  const recorded = findRecorded(world.previous);
  if (recorded) return { output: recorded };
  const { repoURL, provider, insecureSkipTLSVerify: skipVerify = false } = config;
  const wanted = findSource(config, world);
  const hostOptions = { ...(provider && { provider }), skipVerify };
  const repository = await world.gitHosts.open(repoURL, hostOptions);
  const remote = await world.git.openRemote({
    name: world.alias,
    repoURL,
    insecureSkipTLSVerify: skipVerify,
  });
  const branches = await findBranches(remote, wanted, config.targetBranch);
  const marked = (sha: string) => ({ marks: [{ repoURL, sha, ...hostOptions }] });
  const adopted = await findEquivalent(repository, branches);
  if (adopted) {
    return { ...tell(repository, adopted, 'is there already', world), ...marked(branches.sourceHead) };
  }
  const compared = await compareBranches(remote, branches, config, world);
  if (compared.isSame) return skip(branches, compared.targetHead);
  const request = newRequest(config, branches, compared.message, world);
  return { ...(await open(repository, branches, request, world)), ...marked(compared.sourceHead) };
}

/** What an earlier run of this very step put out: nobody has to be asked again. */
function findRecorded(previous: JsonObject | undefined): JsonObject | undefined {
  const pr = previous?.['pr'];
  if (!isObject(pr) || pr['id'] === undefined || pr['id'] === null) return undefined;
  if (Number.isSafeInteger(pr['id'])) return previous;
  throw new Error('pr.id of the earlier output of this step is no number');
}

/** An open one between the same branches, else a merged one that held the same commits. A closed one stands for nothing. */
async function findEquivalent(
  repository: HostedRepository,
  { source, target, sourceHead }: Branches,
): Promise<PullRequest | undefined> {
  const found = await repository.findPullRequests({ source, target });
  return (
    found.find(({ state }) => state === 'open') ??
    found.find(({ state, headCommit }) => state === 'merged' && headCommit === sourceHead)
  );
}

function skip({ source, target }: Branches, commit: string): StepOutcome {
  const reason = `${source} has nothing that ${target} has not`;
  const output: OpenOutput = { pr: { id: null, url: null }, prNumber: null, commit, reason };
  return { status: 'Skipped', output: { ...output }, message: reason };
}

function newRequest(
  config: OpenConfig,
  branches: Branches,
  message: string,
  world: StepWorld,
): NewPullRequest {
  const { source, target } = branches;
  const { labels, assignees, reviewers, draft, title, description } = config;
  const { uiBaseUrl, project, stage } = world.promotion;
  const link = uiBaseUrl ? { link: stageLink(uiBaseUrl, project, stage) } : {};
  const own = { ...(title !== undefined && { title }), ...(description !== undefined && { description }) };
  return {
    source,
    target,
    ...pullRequestText({ ...own, message, ...link }),
    ...(labels && { labels }),
    ...(assignees && { assignees }),
    ...(reviewers && { reviewers }),
    ...(draft && { isDraft: true }),
  };
}

/** After an error it looks again: the answer may have been lost, or somebody else may have been faster. */
async function open(
  repository: HostedRepository,
  branches: Branches,
  request: NewPullRequest,
  world: StepWorld,
): Promise<StepOutcome> {
  try {
    return tell(repository, await repository.openPullRequest(request), 'was opened', world);
  } catch (error) {
    if (world.signal.aborted || !mayBeOpen(error)) throw error;
    const found = await findEquivalent(repository, branches).catch(() => undefined);
    if (!found) throw error;
    world.log.warn('The pull request is open in spite of an error', { reason: messageOf(error) });
    return tell(repository, found, 'was opened', world);
  }
}

/** What a host refuses for good was not opened, unless it refuses since it is. */
function mayBeOpen(error: unknown): boolean {
  return !(error instanceof TerminalError) || /already exists|only one pull request/i.test(error.message);
}

function tell(
  repository: HostedRepository,
  found: PullRequest,
  what: string,
  { log }: StepWorld,
): StepOutcome {
  const { number, url } = found;
  const message = `pull request #${number} of ${repository.name} ${what}`;
  log.info(message, { url });
  const output: OpenOutput = { pr: { id: number, url }, prNumber: number };
  return { output: { ...output }, message, pullRequests: [pullRequestKey(repository.name, number)] };
}
