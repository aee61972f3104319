import { CancellationScope, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { isObject } from '../core/json.ts';
import { queues, type EngineActivities } from '../core/promotion/calls.ts';
import type { PromotionIdentity, WorkspaceClaim } from '../core/promotion/step-run.ts';
import { alive, withinTask } from './activity-options.ts';
import type { Effects, End } from './effects.ts';
import { explainOtherFailure } from './explain-failure.ts';
import { settleActivity } from './settle-activity.ts';
import type { Stopper } from './stopper.ts';

const engine = proxyActivities<EngineActivities>({ startToCloseTimeout: '1 minute' });

/** Most folders are lent by the worker that has the workflow task. */
const { 'claim-workspace': claimHere } = proxyLocalActivities<EngineActivities>({
  summary: 'a folder on this worker',
  ...withinTask,
});
const { 'release-workspace': releaseHere } = proxyLocalActivities<EngineActivities>({
  summary: 'gives the folder back',
  ...withinTask,
});

/** Claims and releases the folder of a promotion: on this worker, else on the one that had it, else on any. */
export function lendWorkspace(
  { workflowId, firstRunId }: PromotionIdentity,
  stopper: Stopper,
): Pick<Effects, 'claimWorkspace' | 'releaseWorkspace'> {
  const attempt = (work: () => Promise<WorkspaceClaim>) =>
    settleActivity(() => stopper.run(work), explainOtherFailure, isClaim);

  return {
    async claimWorkspace(generation, uid, wasLost) {
      const call = { workflowId, firstRunId, generation, ...(uid !== undefined && { uid }) };
      const ask = (options: object) => () => engine['claim-workspace'].executeWithOptions(options, [call]);
      const own = uid === undefined ? [] : [ask(ownClaim(uid, wasLost))];
      for (const work of [() => claimHere(call), ...own]) {
        const end: End<WorkspaceClaim> = await attempt(work);
        if (end.kind !== 'failed') return end;
      }
      return attempt(ask(anyClaim));
    },

    async releaseWorkspace(uid, remove) {
      const call = { workflowId, firstRunId, remove, uid };
      await CancellationScope.nonCancellable(
        () =>
          releaseHere(call).catch(() =>
            engine['release-workspace'].executeWithOptions(release(uid, remove), [call]),
          ),
        // A worker that is gone finds out by itself that the promotion has ended.
      ).catch(() => undefined);
    },
  };
}

const anyClaim = {
  taskQueue: queues.claim,
  activityId: 'claim-workspace',
  summary: 'a folder on any worker that has room',
  ...alive,
  retry: { maximumInterval: '1 minute', maximumAttempts: 20 },
} as const;

/**
 * The worker that had the files may be gone for good: it is asked for seconds only. One that came back while its death was
 * noticed answers at once.
 */
function ownClaim(uid: string, wasLost = false) {
  return {
    taskQueue: queues.workspace(uid),
    activityId: 'claim-workspace',
    summary: 'the folder that it had',
    scheduleToStartTimeout: wasLost ? '1 second' : '5 seconds',
    ...alive,
    retry: { maximumAttempts: 2 },
  } as const;
}

function release(uid: string, remove: boolean) {
  return {
    taskQueue: queues.workspace(uid),
    activityId: 'release-workspace',
    summary: remove ? 'the files are no longer needed' : 'the files stay, the place is free',
    scheduleToStartTimeout: '5 seconds',
    scheduleToCloseTimeout: '30 seconds',
    ...alive,
  } as const;
}

function isClaim(value: unknown): value is WorkspaceClaim {
  return isObject(value) && typeof value['uid'] === 'string' && Array.isArray(value['holds']);
}
