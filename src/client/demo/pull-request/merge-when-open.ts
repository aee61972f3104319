import { setTimeout as wait } from 'node:timers/promises';
import type { Promotions, PromotionRef } from '../../promotions.ts';

/** What the demo measured. */
export interface Merged {
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Waits until a promotion waits for its pull request, then has it merged. Undefined when the signal fires before: the
 * promotion ended otherwise.
 */
export async function mergeWhenOpen(
  promotions: Promotions,
  ref: PromotionRef,
  merge: (number: number) => Promise<void>,
  signal: AbortSignal,
): Promise<Merged | undefined> {
  while (!signal.aborted) {
    const number = await findWaiting(promotions, ref);
    if (number !== undefined) {
      await merge(number);
      return { number, at: Date.now() };
    }
    await wait(200, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

async function findWaiting(promotions: Promotions, ref: PromotionRef): Promise<number | undefined> {
  // Asks the server alone: it has looked once, so what comes now has to wake it.
  const journals = await promotions.journals(ref).catch(() => []);
  if (!journals.some(({ alias }) => alias === 'wait-for-pr')) return undefined;
  const status = await promotions.status(ref, 5000).catch(() => undefined);
  const [, number] = /#(\d+)$/.exec(status?.pullRequests?.at(-1) ?? '') ?? [];
  return number === undefined ? undefined : Number(number);
}
