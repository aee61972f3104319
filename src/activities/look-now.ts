import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { messageOf } from '../core/errors.ts';
import type { LookNowCall } from '../core/promotion/calls.ts';

/**
 * Activity that makes another activity of the same run, which waits for its next attempt, begin it now. Its journal and
 * its deadline stay as they are. One in the middle of an attempt ends it first, since that may have looked just too early;
 * one that has ended is left alone.
 */
export async function lookNow({ activityId }: LookNowCall): Promise<void> {
  try {
    const end = Date.now() + patience;
    for (let pause = 50; await isLooking(activityId); pause = Math.min(pause * 1.5, 500)) {
      if (Date.now() > end) throw new Error('the step is still in the middle of an attempt');
      await sleep(pause);
    }
    await reset(activityId);
  } catch (error) {
    if (!isNotFound(error)) throw new Error(`cannot look now: ${messageOf(error)}`, { cause: error });
  }
}

async function isLooking(activityId: string): Promise<boolean> {
  const { client, info } = Context.current();
  const { workflowExecution: execution, namespace } = info;
  const request = { namespace, ...(execution && { execution }) };
  const { pendingActivities } = await within(() => client.workflowService.describeWorkflowExecution(request));
  const pending = pendingActivities.find((one) => one.activityId === activityId);
  const state: unknown = pending?.state;
  return state === started;
}

async function reset(id: string): Promise<void> {
  const { client, info } = Context.current();
  const { workflowExecution: execution, namespace } = info;
  const request = { namespace, identity: 'gantry', id, ...(execution && { execution }) };
  await within(() => client.workflowService.resetActivity(request));
}

function within<T>(ask: () => Promise<T>): Promise<T> {
  return Context.current().client.withDeadline(Date.now() + 4000, ask);
}

/** Milliseconds; with a last question and the reset it stays below the limit of the activity. */
const patience = 4000;

/** Temporal's number of a pending activity in the middle of an attempt. */
const started = 2;

/** Of gRPC. */
function isNotFound(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 5;
}
