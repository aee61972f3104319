import { CancellationScope, proxyLocalActivities, sleep } from '@temporalio/workflow';
import type { EngineActivities } from '../core/promotion/calls.ts';

/** Makes a step look at once that waits for its next attempt: its activity, journal and deadline stay as they are. */
export interface Doorbell {
  /** Runs the activity of a step; rings that come meanwhile are for it. */
  attend<T>(step: Attendant, work: () => Promise<T>): Promise<T>;
  /** Nothing happens when nobody attends. Rings that come while one is passed on count as one more. */
  ring(by: 'operator' | 'signal'): void;
}

/** A step that may be rung for. */
export interface Attendant {
  readonly activityId: string;
  /** Its work is to wait: signals ring for it, too. Others are between two errors, and only people know better. */
  readonly waits: boolean;
}

/** A doorbell that the server passes on: it begins the next attempt of the activity now. */
export function createDoorbell(): Doorbell {
  const bell: Bell = { isRung: false, isBusy: false };
  return {
    async attend(step, work) {
      bell.attendant = step;
      bell.isRung = false;
      try {
        return await work();
      } finally {
        delete bell.attendant;
        bell.pause?.cancel();
      }
    },
    ring(by) {
      if (!bell.attendant || (by === 'signal' && !bell.attendant.waits)) return;
      bell.isRung = true;
      if (!bell.isBusy) void passOn(bell);
    },
  };
}

interface Bell {
  attendant?: Attendant;
  isRung: boolean;
  isBusy: boolean;
  pause?: CancellationScope;
}

async function passOn(bell: Bell): Promise<void> {
  bell.isBusy = true;
  while (bell.isRung && bell.attendant) {
    bell.isRung = false;
    await callOn(bell, bell.attendant);
  }
  bell.isBusy = false;
}

/** Asks again while the step is in the middle of a look: what it asks about may have happened since it asked. */
async function callOn(bell: Bell, { activityId }: Attendant): Promise<void> {
  const since = new Date().toISOString();
  for (const pause of pauses) {
    if ((await lookNow(activityId, since)) !== 'busy' || bell.attendant?.activityId !== activityId) return;
    await rest(bell, pause);
    if (bell.attendant?.activityId !== activityId) return;
  }
}

/** Seconds: two minutes in all, and at most a few dozen events. A look that takes longer is no wait. */
const pauses = [2, 4, 8, 16, 32, 64];

/** Ends early with the step. */
async function rest(bell: Bell, seconds: number): Promise<void> {
  const shield = new CancellationScope({ cancellable: false });
  bell.pause = new CancellationScope({ cancellable: true, parent: shield });
  await bell.pause.run(() => sleep(seconds * 1000)).catch(() => undefined);
  delete bell.pause;
}

// Local: the worker that hears the bell passes it on in the same task, before any queue is involved.
const { 'look-now': call } = proxyLocalActivities<EngineActivities>({
  summary: 'lets the step that waits look at once',
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 3 },
});

async function lookNow(activityId: string, since: string): Promise<'heard' | 'busy'> {
  // The step looks by itself anyway, only later: a bell that nobody hears is no reason to fail.
  return CancellationScope.nonCancellable(() => call({ activityId, since })).catch(() => 'heard' as const);
}
