import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import { queues, type EngineActivities } from '../core/promotion/calls.ts';

/** Makes a step look at once that waits for its next attempt: its activity, journal and deadline stay as they are. */
export interface Doorbell {
  /** Runs the activity of a step; rings that come meanwhile are for it. */
  attend<T>(activityId: string, work: () => Promise<T>): Promise<T>;
  /** Nothing happens when nobody attends. Rings that come while one is passed on count as one more. */
  ring(): void;
  /** Says whether a step is under way that a ring could reach. */
  isAttended(): boolean;
}

/** A doorbell that the server passes on: it begins the next attempt of the activity now. */
export function createDoorbell(): Doorbell {
  const bell: { attended?: string; isRung: boolean; isBusy: boolean } = { isRung: false, isBusy: false };

  async function passOn(): Promise<void> {
    bell.isBusy = true;
    while (bell.isRung && bell.attended !== undefined) {
      bell.isRung = false;
      await lookNow(bell.attended);
    }
    bell.isBusy = false;
  }

  return {
    async attend(activityId, work) {
      bell.attended = activityId;
      bell.isRung = false;
      try {
        return await work();
      } finally {
        delete bell.attended;
      }
    },
    ring() {
      if (bell.attended === undefined) return;
      bell.isRung = true;
      if (!bell.isBusy) void passOn();
    },
    isAttended: () => bell.attended !== undefined,
  };
}

const { 'look-now': call } = proxyActivities<EngineActivities>({
  taskQueue: queues.main,
  activityId: 'look-now',
  summary: 'lets the step that waits look at once',
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '2 minutes',
  retry: { maximumInterval: '5 seconds', maximumAttempts: 10 },
});

async function lookNow(activityId: string): Promise<void> {
  // The step looks by itself anyway, only later: a bell that nobody hears is no reason to fail.
  await CancellationScope.nonCancellable(() => call({ activityId })).catch(() => undefined);
}
