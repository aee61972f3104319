import type { Client } from '@temporalio/client';
import { keyIdOf } from '../encryption/codec.ts';
import type { Keyring } from '../encryption/keys.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../core/errors.ts';

/**
 * Says which open promotion this worker could not go on with, because other workers encrypted what they did for it with a
 * key that is not here. Asks about the newest few only; where that cannot be asked, nothing is said.
 */
export async function findUnreadable(client: Client, keys: Keyring, log: Log): Promise<string | undefined> {
  try {
    const query = "WorkflowType = 'promotion' AND ExecutionStatus = 'Running'";
    let count = 0;
    for await (const { workflowId, runId } of client.workflow.list({ query, pageSize: mostPromotions })) {
      const id = await findKeyId(client, workflowId, runId);
      if (id !== undefined && !keys.some((key) => key.id === id)) return explain(workflowId, id);
      if ((count += 1) === mostPromotions) break;
    }
  } catch (error) {
    log.debug('Cannot tell which keys open promotions need', { error: messageOf(error) });
  }
  return undefined;
}

/** Only results count: what a promotion is started with comes from clients, who may make keys up. */
async function findKeyId(client: Client, workflowId: string, runId: string): Promise<string | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: mostEvents,
  });
  const results = history?.events?.flatMap(
    ({ activityTaskCompletedEventAttributes: completed, markerRecordedEventAttributes: marker }) =>
      (completed?.result ?? marker?.details?.['result'])?.payloads ?? [],
  );
  return results?.map(keyIdOf).find((id) => id !== undefined);
}

function explain(workflowId: string, id: string): string {
  return `promotion ${workflowId} is under way, encrypted with key "${id}", which this worker does not have: add that key to the setting encryption.keys, behind the first, and start the worker again`;
}

const mostPromotions = 5;
const mostEvents = 20;
