import { Context } from '@temporalio/activity';
import { messageOf } from '../core/errors.ts';
import type { LookNowCall } from '../core/promotion/calls.ts';

/**
 * Activity that makes another activity of the same run, which waits for its next attempt, begin it now. Its journal and
 * its deadline stay as they are. One in the middle of an attempt is left alone: `busy` when that began before `since`, so
 * that what it asks about may have changed meanwhile. One that has ended has heard everything.
 */
export async function lookNow({ activityId, since }: LookNowCall): Promise<'heard' | 'busy'> {
  const { client, info } = Context.current();
  const { workflowExecution: execution, namespace } = info;
  if (!execution) return 'heard';
  const service = client.workflowService;
  const look = async () => {
    const { pendingActivities } = await service.describeWorkflowExecution({ namespace, execution });
    const pending = pendingActivities?.find((activity) => activity.activityId === activityId);
    // The server would tell a running attempt to stop, and a half-done look is worth nothing.
    if (Number(pending?.state) !== waiting) return startOf(pending) < Date.parse(since) ? 'busy' : 'heard';
    await service.resetActivity({ namespace, identity: 'gantry', id: activityId, execution });
    return 'heard';
  };
  try {
    return await client.withDeadline(Date.now() + patience, look);
  } catch (error) {
    if (isNotFound(error)) return 'heard';
    throw new Error(`cannot look now: ${messageOf(error)}`, { cause: error });
  }
}

/** Milliseconds. */
const patience = 5000;

/** State of an activity that waits for its next attempt, as the server numbers them. */
const waiting = 1;

/** When its attempt began; never, for one that is not there any more. */
function startOf(pending: Pending | undefined): number {
  const { seconds, nanos } = pending?.lastStartedTime ?? {};
  return pending ? Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1e6 : Number.POSITIVE_INFINITY;
}

interface Pending {
  readonly lastStartedTime?: { readonly seconds?: unknown; readonly nanos?: number | null } | null;
}

/** Of gRPC. */
function isNotFound(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 5;
}
