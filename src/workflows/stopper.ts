import { CancellationScope } from '@temporalio/workflow';
import type { Stop } from '../core/promotion/stop.ts';

/** Ends a promotion early: whatever is under way is cancelled, whatever comes after it is left alone. */
export interface Stopper {
  find(): Stop | undefined;
  /** The first request counts. */
  request(stop: Stop): void;
  /** Runs work that a stop cancels; work that begins after the stop cleans up and is not cancelled any more. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** A stopper that also takes a cancel request of the workflow for an abort by somebody unknown. */
export function createStopper(earlier?: Stop): Stopper {
  let stop = earlier;
  const shield = new CancellationScope({ cancellable: false });
  const scope = new CancellationScope({ cancellable: true, parent: shield });
  const stopper: Stopper = {
    find: () => stop,
    request(reason) {
      stop ??= reason;
      scope.cancel();
    },
    run: (work) => (stop ? CancellationScope.nonCancellable(work) : scope.run(work)),
  };
  CancellationScope.current().cancelRequested.catch(() => stopper.request({ kind: 'abort' }));
  return stopper;
}
