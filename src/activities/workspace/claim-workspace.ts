import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { WorkspaceLost } from '../../core/errors.ts';
import type { ClaimCall } from '../../core/promotion/calls.ts';
import type { WorkspaceClaim } from '../../core/promotion/step-run.ts';
import { notHereFailure, workspaceLostFailure } from '../step-failure.ts';
import { folderKey } from './folders.ts';
import type { Workspaces } from './workspaces.ts';

type ClaimWorkspace = (call: ClaimCall) => Promise<WorkspaceClaim>;

/** Tells the run that claims. */
type CurrentRun = () => string;

/** Activity for `gantry-claim`: its worker polls only while there is room, so whatever arrives gets a folder. */
export function createClaim(
  workspaces: Workspaces,
  tools: Readonly<Record<string, string>>,
  currentRun: CurrentRun = runOfActivity,
): ClaimWorkspace {
  return async (call) => ({
    uid: workspaces.uid,
    generation: call.generation,
    holds: await claimFolder(workspaces, call, currentRun()),
    tools,
  });
}

/**
 * The same for the worker's own queue, where a promotion asks for the folder it had. That queue has no gate, so it may
 * go beyond the capacity, up to twice of it; then it refuses (`NoRoom`), and the promotion asks on `gantry-claim`.
 */
export function createReclaim(
  workspaces: Workspaces,
  tools: Readonly<Record<string, string>>,
  currentRun: CurrentRun = runOfActivity,
): ClaimWorkspace {
  const claim = createClaim(workspaces, tools, currentRun);
  return async (call) => {
    const { leases } = workspaces;
    if (!leases.has(folderKey(call)) && leases.count >= slotsOf(leases.capacity)) {
      throw ApplicationFailure.nonRetryable(`worker ${workspaces.uid} has no room`, 'NoRoom');
    }
    return claim(call);
  };
}

/**
 * The same as a local activity, asked before the other two: fails as `NotHere` when the folder is on another disk, when this
 * worker has no room at once, or when it ends.
 */
export function createClaimHere(
  workspaces: Workspaces,
  tools: Readonly<Record<string, string>>,
  leaving?: AbortSignal,
  currentRun: CurrentRun = runOfActivity,
): ClaimWorkspace {
  const claim = createClaim(workspaces, tools, currentRun);
  const reclaim = createReclaim(workspaces, tools, currentRun);
  return async (call) => {
    const { leases, uid } = workspaces;
    if (leaving?.aborted) throw notHereFailure('this worker ends');
    if (call.uid === uid) return reclaim(call);
    if (call.uid !== undefined) throw notHereFailure(`the folder is on worker ${call.uid}`);
    const lent = await leases.tryTake(() => claim(call));
    if (!lent) throw notHereFailure('this worker has no room now');
    return lent;
  };
}

/** Most leases at a time: the worker's own queue needs a slot for each. */
export function slotsOf(capacity: number): number {
  return 2 * capacity;
}

async function claimFolder(
  workspaces: Workspaces,
  call: ClaimCall,
  runId: string,
): Promise<readonly number[]> {
  try {
    return await workspaces.claim(call, runId);
  } catch (error) {
    throw error instanceof WorkspaceLost ? workspaceLostFailure(error.message) : error;
  }
}

function runOfActivity(): string {
  return activityInfo().workflowExecution?.runId ?? '';
}
