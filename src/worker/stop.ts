import { setTimeout as sleep } from 'node:timers/promises';
import type { Leases } from '../activities/workspace/leases.ts';
import type { Pollers } from './open-workers.ts';

export interface StopOptions {
  readonly pollers: Pollers;
  readonly leases: Leases;
  /** Ends running steps when aborted. */
  readonly closing: AbortController;
  readonly drainTime: number;
  readonly graceTime: number;
}

/**
 * How a worker stops polling: no new folders, then no new steps, then, when those that run have had their time, no
 * workflows. Always settles. A second call ends the steps at once.
 */
export function createStop(options: StopOptions): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => {
    if (stopping) options.closing.abort();
    stopping ??= stop(options);
    return stopping;
  };
}

async function stop({ pollers, leases, closing, drainTime, graceTime }: StopOptions): Promise<void> {
  const { main, io, claim, host } = pollers;
  await claim.shutdown();
  const end = Date.now() + drainTime;
  while (leases.count > 0 && Date.now() < end && !closing.signal.aborted) await sleep(100);
  const grace = setTimeout(() => closing.abort(), graceTime);
  await Promise.all([host.shutdown(), io.shutdown()]);
  await main.shutdown();
  clearTimeout(grace);
}
