import { messageOf, TerminalError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { pullRequestKey } from '../core/pull-request-key.ts';
import { pullRequestText, stageLink } from '../core/pull-request-text.ts';
import type { WebHost } from '../providers/git/commit-url.ts';
import type { Remote, RemoteHeads } from '../providers/git/remote.ts';
import { displayURL } from '../providers/git/remote-url.ts';
import type { HostedRepository, NewPullRequest, PullRequest } from '../providers/git-hosts/git-host.ts';
import type { StepOutcome, StepWorld } from './define-step.ts';
import { findRead, readsOf } from './step-reads.ts';

/** What `git-open-pr` is told. */
export interface OpenConfig {
  readonly repoURL: string;
  readonly provider?: WebHost;
  readonly insecureSkipTLSVerify?: boolean;
  readonly sourceBranch?: string;
  readonly sourceBranchFromStep?: string;
  readonly targetBranch?: string;
  readonly createTargetBranch?: boolean;
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

/** Output keys it reads. */
export const openReads = ['branch'] as const;

/** Opens the pull request, or adopts the one that says the same. Skipped when there is nothing to merge. */
export async function openPullRequest(config: OpenConfig, world: StepWorld): Promise<StepOutcome> {
  const recorded = findRecorded(world.previous);
  if (recorded) return { output: recorded };
  const { repoURL, provider, insecureSkipTLSVerify = false } = config;
  const wanted = sourceOf(config, world);
  const repository = await world.gitHosts.open(repoURL, {
    ...(provider && { provider }),
    skipVerify: insecureSkipTLSVerify,
  });
  const remote = await world.git.openRemote({ name: world.alias, repoURL, insecureSkipTLSVerify });
  const branches = await findBranches(remote, wanted, config.targetBranch);
  const adopted = await findEquivalent(repository, branches);
  if (adopted) return tell(repository, adopted, 'is there already', world);
  if (!branches.targetHead) await beginTarget(remote, branches, config, world);
  const heads = await remote.readHeads([branches.source, branches.target]);
  const [source, target] = [heads[branches.source]!, heads[branches.target]!];
  if (source.tree === target.tree) return skip(branches, target.commit);
  if (config.createTargetBranch && emptyTrees.includes(target.tree)) {
    await putOnTop(remote, branches, target.commit, world);
  }
  return open(repository, branches, newRequest(config, branches, source.message, world), world);
}

/** What an earlier run of this very step put out: nobody has to be asked again. */
function findRecorded(previous: JsonObject | undefined): JsonObject | undefined {
  const pr = previous?.['pr'];
  if (!isObject(pr) || pr['id'] === undefined || pr['id'] === null) return undefined;
  if (Number.isSafeInteger(pr['id'])) return previous;
  throw new Error('pr.id of the earlier output of this step is no number');
}

function sourceOf({ sourceBranch, sourceBranchFromStep: step }: OpenConfig, world: StepWorld): string {
  if (sourceBranch !== undefined) return branchName(sourceBranch);
  if (step !== undefined) {
    const read = findRead(world, 'branch', step);
    if (typeof read?.value === 'string' && read.value) return branchName(read.value);
    throw new TerminalError(
      `sourceBranchFromStep: step ${JSON.stringify(step)} has no output branch; name a git-push before this one`,
    );
  }
  const pushed = readsOf(world, 'branch').filter(({ value }) => typeof value === 'string' && value);
  if (pushed.length === 1) return branchName(pushed[0]!.value as string);
  const which =
    pushed.length === 0 ? 'no step before this one' : pushed.map(({ alias }) => alias).join(' and ');
  throw new TerminalError(`sourceBranch: is required: ${which} pushed a branch; the only git-push would do`);
}

function branchName(text: string): string {
  return text.trim().replace(/^refs\/heads\//, '');
}

/** The two branches by name, and their heads. */
interface Branches {
  readonly source: string;
  readonly target: string;
  readonly sourceHead: string;
  readonly targetHead?: string;
}

async function findBranches(remote: Remote, source: string, wanted: string | undefined): Promise<Branches> {
  const named = wanted === undefined ? [] : [branchName(wanted)];
  const heads = await remote.listHeads([source, ...named]);
  const target = named[0] ?? heads.defaultBranch;
  if (!target) throw new Error(`targetBranch: ${displayURL(remote.url)} has no default branch; name one`);
  const sourceHead = heads.commits.get(source);
  if (!sourceHead) throw missing('source', source, remote, 'push it before this step');
  return { source, target, sourceHead, ...headOf(heads, target) };
}

function headOf({ commits }: RemoteHeads, target: string): Pick<Branches, 'targetHead'> {
  const targetHead = commits.get(target);
  return targetHead === undefined ? {} : { targetHead };
}

function missing(what: 'source' | 'target', branch: string, remote: Remote, remedy: string): Error {
  const where = displayURL(remote.url);
  return new Error(
    `${what} branch ${JSON.stringify(branch)} does not exist in ${where}; correct ${what}Branch, or ${remedy}`,
  );
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

async function beginTarget(
  remote: Remote,
  { target }: Branches,
  { createTargetBranch }: OpenConfig,
  { startedAt, log }: StepWorld,
): Promise<void> {
  if (!createTargetBranch) {
    throw missing('target', target, remote, 'set createTargetBranch: true to begin it empty');
  }
  const commit = await remote.begin(target, startedAt);
  log.info('Began the target branch', { branch: target, commit });
}

/** Of a branch that has just been begun, by this attempt or one before. */
const emptyTrees = [
  '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
];

async function putOnTop(
  remote: Remote,
  { source, sourceHead }: Branches,
  onto: string,
  { log }: StepWorld,
): Promise<void> {
  const commit = await remote.base({ branch: source, head: sourceHead, onto });
  if (commit !== sourceHead)
    log.info('Put the source branch on top of the target', { branch: source, commit });
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
