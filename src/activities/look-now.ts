import { Context } from '@temporalio/activity';
import { messageOf } from '../core/errors.ts';
import type { LookNowCall } from '../core/promotion/calls.ts';

/**
 * Activity that makes another activity of the same run, which waits for its next attempt, begin it now. Its journal and
 * its deadline stay as they are. One that has ended, or is in the middle of an attempt, is left alone.
 */
export async function lookNow({ activityId }: LookNowCall): Promise<void> {
  const { client, info } = Context.current();
  const { workflowExecution: execution, namespace } = info;
  const request = { namespace, identity: 'gantry', id: activityId, ...(execution && { execution }) };
  try {
    await client.withDeadline(Date.now() + patience, () => client.workflowService.resetActivity(request));
  } catch (error) {
    if (!isNotFound(error)) throw new Error(`cannot look now: ${messageOf(error)}`, { cause: error });
  }
}

/** Milliseconds. */
const patience = 5000;

/** Of gRPC. */
function isNotFound(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 5;
}
