import { setTimeout as sleep } from 'node:timers/promises';
import type { Leases } from '../activities/workspace/leases.ts';
import type { Pollers } from './open-workers.ts';

/** What is to stop, and how patiently. */
export interface StopOptions {
  readonly pollers: Pollers;
  readonly leases: Leases;
  /** Aborted when no further step is taken. */
  readonly leaving: AbortController;
  /** Ends running steps when aborted. */
  readonly closing: AbortController;
  readonly drainTime: number;
  readonly graceTime: number;
}

/**
 * Stops polling: no new folders, then no new steps, then, when those that run have had their time, no workflows. Always
 * resolves; at once with the steps cut off when `closing` aborts.
 */
export async function stopPolling(options: StopOptions): Promise<void> {
  const { pollers, leases, leaving, closing, drainTime, graceTime } = options;
  const { main, io, claim, host } = pollers;
  leases.close();
  await claim.shutdown();
  const end = Date.now() + drainTime;
  while (leases.count > 0 && Date.now() < end && !closing.signal.aborted) await sleep(100);
  leaving.abort();
  const wasBusy = host.isBusy() || io.isBusy();
  const grace = setTimeout(() => closing.abort(), graceTime);
  await Promise.all([host.shutdown(), io.shutdown()]);
  // What the last steps set off arrives in this moment; a poll that is taken back now would cost it 10 s.
  if (wasBusy) await sleep(lastTasks);
  await main.shutdown();
  clearTimeout(grace);
}

/** Milliseconds. */
const lastTasks = 500;
