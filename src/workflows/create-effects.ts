import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import { queues, type EngineActivities, type StepActivity } from '../core/promotion/calls.ts';
import { isObject } from '../core/json.ts';
import type { PlannedStep } from '../core/promotion/plan.ts';
import type { PromotionIdentity, StepResult, WorkspaceClaim } from '../core/promotion/step-run.ts';
import { activityId, stepOptions } from './activity-options.ts';
import { errored, type Effects, type End } from './effects.ts';
import { refuseUndecodable } from './refuse-undecodable.ts';
import { explainOtherFailure, explainStepFailure } from './explain-failure.ts';
import type { Doorbell } from './doorbell.ts';
import type { Operators } from './operators.ts';
import type { Stopper } from './stopper.ts';

const engine = proxyActivities<EngineActivities>({ startToCloseTimeout: '1 minute' });
const steps = proxyActivities<Record<string, StepActivity>>({ startToCloseTimeout: '1 day' });

/** What of the workflow the effects go through. */
export interface EffectParts extends Pick<Effects, 'changed' | 'checkpoint' | 'isLong'> {
  readonly stopper: Stopper;
  readonly doorbell: Doorbell;
  readonly operators: Operators;
}

/** The world as Temporal offers it: every effect is an activity, and a stop cancels the one under way. */
export function createEffects(identity: PromotionIdentity, parts: EffectParts): Effects {
  const { stopper, doorbell, operators, changed, checkpoint, isLong } = parts;
  const now = () => new Date().toISOString();
  const { workflowId, firstRunId } = identity;
  let marks = Promise.resolve();

  return {
    now,
    changed,
    checkpoint,
    isLong,
    nextDecision: () => operators.nextDecision(),
    resumed: () => operators.resumed(),
    findStop: () => stopper.find(),
    // The seam for Stages, which give promotions their turn.
    acquireTurn: async () => ({ kind: 'done', value: undefined }),

    evaluateCondition: (call, step) =>
      settle(
        () =>
          stopper.run(() => engine['evaluate-condition'].executeWithOptions(conditionOptions(step), [call])),
        explainOtherFailure,
        (value) => typeof value === 'boolean',
      ),

    runStep(step, run) {
      const options = stepOptions(step, run, now());
      const work = () => stopper.run(() => steps[step.uses]!.executeWithOptions(options, [run]));
      return settle(
        () => doorbell.attend({ activityId: options.activityId ?? '', waits: step.place === 'io' }, work),
        (error) => explainStepFailure(error, step),
        isStepResult,
      );
    },

    async claimWorkspace(generation, uid, wasLost) {
      const call = { workflowId, firstRunId, generation };
      const claim = (options: object) =>
        stopper.run(() => engine['claim-workspace'].executeWithOptions(options, [call]));
      if (uid !== undefined) {
        const end = await settle(() => claim(ownClaim(uid, wasLost)), explainOtherFailure, isClaim);
        if (end.kind !== 'failed') return end;
      }
      return settle(() => claim(anyClaim), explainOtherFailure, isClaim);
    },

    mark(call) {
      // One after the other: what is said last stays.
      marks = marks.then(() =>
        CancellationScope.nonCancellable(() =>
          engine['mark-commits'].executeWithOptions(marking, [call]),
        ).catch(() => undefined),
      );
    },

    marked: () => marks,

    async releaseWorkspace(uid, remove) {
      const call = { workflowId, firstRunId, remove };
      await CancellationScope.nonCancellable(
        () => engine['release-workspace'].executeWithOptions(release(uid, remove), [call]),
        // A worker that is gone finds out by itself that the promotion has ended.
      ).catch(() => undefined);
    },
  };
}

/** A worker that dies or hangs costs seconds, not the whole time an activity may take. */
const alive = {
  heartbeatTimeout: '10 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
} as const;

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

const marking = {
  taskQueue: queues.io,
  summary: 'tells Git hosts how the promotion goes',
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '2 minutes',
  cancellationType: alive.cancellationType,
  retry: { maximumAttempts: 3 },
} as const;

function conditionOptions({ alias }: PlannedStep) {
  return {
    taskQueue: queues.main,
    activityId: activityId(`condition of ${alias}`),
    summary: activityId(`whether ${alias} runs`),
    ...alive,
    retry: { maximumInterval: '1 minute', maximumAttempts: 10 },
  } as const;
}

async function settle<T>(
  work: () => Promise<T>,
  explain: (error: unknown) => End<never>,
  isValid: (value: unknown) => boolean,
): Promise<End<T>> {
  let value: T;
  try {
    value = await work();
  } catch (error) {
    return explain(error);
  }
  if (isValid(value)) return { kind: 'done', value };
  refuseUndecodable(value);
  return errored('the activity returned something else than it should');
}

function isStepResult(value: unknown): value is StepResult {
  return isObject(value) && (value['status'] === 'Succeeded' || value['status'] === 'Skipped');
}

function isClaim(value: unknown): value is WorkspaceClaim {
  return isObject(value) && typeof value['uid'] === 'string' && Array.isArray(value['holds']);
}
