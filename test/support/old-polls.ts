import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { queues } from '../../src/core/promotion/calls.ts';

/**
 * Uses up what polls an earlier worker of this process may have left at the server: a shutdown can miss a poll that is
 * just starting (temporalio/temporal#11841), and each takes one workflow task and loses it for 10 s. Call it when a
 * worker takes tasks of the main queue; takes a moment when nothing was left.
 */
export async function useUpOldPolls(client: Client): Promise<void> {
  await Promise.all(Array.from({ length: mostPolls }, () => startAndFail(client)));
}

/** Workflow polls of one worker that are not for its own sticky queue. */
const mostPolls = 5;

async function startAndFail(client: Client): Promise<void> {
  const workflowId = `old-polls-${randomUUID()}`;
  const handle = await client.workflow.start('promotion', { taskQueue: queues.main, workflowId, args: [] });
  await handle.result().catch(() => undefined);
}
