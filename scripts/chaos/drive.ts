import { setTimeout as sleep } from 'node:timers/promises';
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import type { JsonObject } from '../../src/core/json.ts';
import { queues } from '../../src/core/promotion/calls.ts';
import type { ChaosPromotion } from './requests.ts';

/** How a promotion ended; `stuck` is one that did not. */
export interface End {
  readonly workflowId: string;
  readonly phase: 'Succeeded' | 'stuck' | 'other';
  readonly message: string;
  /** Of its steps, by alias. */
  readonly outputs?: JsonObject;
}

/** Runs promotions, some at a time, whatever becomes of the server meanwhile; `signal` gives up on those under way. */
export async function drivePromotions(
  client: Client,
  promotions: readonly ChaosPromotion[],
  { atATime, signal }: { readonly atATime: number; readonly signal: AbortSignal },
): Promise<readonly End[]> {
  const ends: End[] = [];
  const left = promotions.values();
  const drive = async () => {
    for (const promotion of left) ends.push(await driveOne(client, promotion, signal));
  };
  await Promise.all(Array.from({ length: atATime }, drive));
  return ends;
}

async function driveOne(
  client: Client,
  { workflowId, request }: ChaosPromotion,
  signal: AbortSignal,
): Promise<End> {
  const handle = client.workflow.getHandle(workflowId);
  const start = () =>
    client.workflow
      .start('promotion', { workflowId, taskQueue: queues.main, args: [request] })
      .then(() => true)
      .catch((error: unknown) => {
        // The answer to an earlier try was lost.
        if (error instanceof WorkflowExecutionAlreadyStartedError) return true;
        throw error;
      });
  if ((await patiently(start, signal)) === gaveUp)
    return { workflowId, phase: 'stuck', message: 'not started' };
  const end = await patiently(() => findEnd(handle), signal);
  return end === gaveUp ? { workflowId, phase: 'stuck', message: 'still running' } : { workflowId, ...end };
}

/** Undefined while it runs. Asks again and again: a call that waits would outlive its connection. */
async function findEnd(handle: WorkflowHandle): Promise<Omit<End, 'workflowId'> | undefined> {
  if ((await handle.describe()).status.name === 'RUNNING') return undefined;
  try {
    const { state } = (await handle.result()) as { readonly state?: JsonObject };
    return { phase: 'Succeeded', message: '', ...(state && { outputs: state }) };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { phase: 'other', message: error.cause?.message ?? error.message };
  }
}

const gaveUp = Symbol('gave up');

/** Tries until it works: a server that is down is no reason to give up. */
async function patiently<T>(
  work: () => Promise<T | undefined>,
  signal: AbortSignal,
): Promise<T | typeof gaveUp> {
  while (!signal.aborted) {
    const outcome = await work().catch(() => undefined);
    if (outcome !== undefined) return outcome;
    await sleep(700);
  }
  return gaveUp;
}
