import { TerminalError } from '../core/errors.ts';
import { displayURL } from '../providers/git/remote-url.ts';
import type { Remote, RemoteHeads } from '../providers/git/remote.ts';
import type { StepWorld } from './define-step.ts';
import { findRead, readsOf } from './step-reads.ts';

/** What `git-open-pr` is told about its branches. */
export interface BranchConfig {
  readonly sourceBranch?: string;
  readonly sourceBranchFromStep?: string;
  readonly targetBranch?: string;
  readonly createTargetBranch?: boolean;
}

/** The two branches by name, and their heads. */
export interface Branches {
  readonly source: string;
  readonly target: string;
  readonly sourceHead: string;
  readonly targetHead?: string;
}

/** Output keys it reads. */
export const openReads = ['branch'] as const;

/** The branch with the changes: as named, that of the step that is named, or that of the only push. */
export function findSource(
  { sourceBranch, sourceBranchFromStep: step }: BranchConfig,
  world: StepWorld,
): string {
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

/** The two branches as they are now. The target is the default branch unless it is named; it may be missing. */
export async function findBranches(
  remote: Remote,
  source: string,
  wanted: string | undefined,
): Promise<Branches> {
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

/** What two branches have in common, once both are there. */
export interface Comparison {
  /** They hold the same files. */
  readonly isSame: boolean;
  /** Of the last commit of the source. */
  readonly message: string;
  readonly sourceHead: string;
  readonly targetHead: string;
}

/** Compares the branches. Where the config says so a missing target is begun, and the source put on top of it. */
export async function compareBranches(
  remote: Remote,
  branches: Branches,
  config: BranchConfig,
  world: StepWorld,
): Promise<Comparison> {
  if (!branches.targetHead) await beginTarget(remote, branches, config, world);
  const heads = await remote.readHeads([branches.source, branches.target]);
  const [source, target] = [heads[branches.source]!, heads[branches.target]!];
  const isSame = source.tree === target.tree;
  const isBegun = config.createTargetBranch && emptyTrees.includes(target.tree);
  const sourceHead =
    isBegun && !isSame ? await putOnTop(remote, branches, target.commit, world) : source.commit;
  return { isSame, message: source.message, sourceHead, targetHead: target.commit };
}

async function beginTarget(
  remote: Remote,
  { target }: Branches,
  { createTargetBranch }: BranchConfig,
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
): Promise<string> {
  const commit = await remote.base({ branch: source, head: sourceHead, onto });
  if (commit !== sourceHead)
    log.info('Put the source branch on top of the target', { branch: source, commit });
  return commit;
}
