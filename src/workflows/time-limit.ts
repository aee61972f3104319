import { CancellationScope, sleep } from '@temporalio/workflow';
import type { Stopper } from './stopper.ts';

/** Limit of a whole promotion: the instant, RFC 3339, and the milliseconds the user gave. */
export interface TimeLimit {
  readonly at: string;
  readonly after: number;
}

/** The limit that begins now. */
export function limitFromNow(after: number): TimeLimit {
  const ms = Math.min(Math.max(Math.ceil(after), 1), longest);
  return { at: new Date(Date.now() + ms).toISOString(), after };
}

/** Stops the promotion when its time is up; cancel the scope when it ended before. */
export function startTimer({ at, after }: TimeLimit, stopper: Stopper): CancellationScope {
  const scope = new CancellationScope({ cancellable: true });
  scope
    .run(() => sleep(Math.max(Date.parse(at) - Date.now(), 1)))
    .then(
      () => stopper.request({ kind: 'timeout', after }),
      // Cancelled: the promotion ended in time, or is being stopped for another reason.
      () => undefined,
    );
  return scope;
}

/** Ten years. */
const longest = 10 * 365 * 24 * 3_600_000;
