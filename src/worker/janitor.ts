import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { messageOf } from '../core/errors.ts';
import type { FolderOwner } from '../activities/workspace/folders.ts';
import { tidyWorkspaces } from '../activities/workspace/janitor.ts';
import type { Workspaces } from '../activities/workspace/workspaces.ts';
import type { Log } from '../log.ts';

/** Tidies at once and every few minutes, until it is closed. */
export interface Janitor {
  close(): Promise<void>;
}

/** Opens the janitor of a worker's folders. What goes wrong in a round is logged, and tried again in the next. */
export function openJanitor(workspaces: Workspaces, client: Client, log: Log, maximumBytes: number): Janitor {
  const rules = { isOpen: (owner: FolderOwner) => isOpen(client, owner), maximumBytes, leaseIdle, log };
  let round: Promise<void> | undefined;
  const tidy = () => {
    round ??= tidyWorkspaces(workspaces, rules)
      .catch((error: unknown) => log.warn('Cannot tidy the workspaces', { error: messageOf(error) }))
      .finally(() => (round = undefined));
  };
  tidy();
  const timer = setInterval(tidy, interval);
  return {
    async close() {
      clearInterval(timer);
      await round;
    },
  };
}

/** Whether the promotion still goes on: closed, gone, or another one under the same id means no. */
async function isOpen(client: Client, { workflowId, firstRunId }: FolderOwner): Promise<boolean> {
  try {
    const { status, raw } = await client.workflow.getHandle(workflowId).describe();
    const first = raw.workflowExecutionInfo?.firstRunId;
    return !closed.has(status.name) && (!first || first === firstRunId);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

const closed: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

/** Milliseconds. */
const interval = 3 * 60_000;
/** Longer than any pause between two steps that share a folder. */
const leaseIdle = 15 * 60_000;
