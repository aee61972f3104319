import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import { queues, type EngineActivities, type StepActivity } from '../core/promotion/calls.ts';
import { isObject } from '../core/json.ts';
import type { PlannedStep } from '../core/promotion/plan.ts';
import type { PromotionIdentity, StepResult } from '../core/promotion/step-run.ts';
import { activityId, alive, stepOptions } from './activity-options.ts';
import type { Effects } from './effects.ts';
import { explainOtherFailure, explainStepFailure } from './explain-failure.ts';
import type { Doorbell } from './doorbell.ts';
import { lendWorkspace } from './lend-workspace.ts';
import type { Operators } from './operators.ts';
import { settleActivity } from './settle-activity.ts';
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
      settleActivity(
        () =>
          stopper.run(() => engine['evaluate-condition'].executeWithOptions(conditionOptions(step), [call])),
        explainOtherFailure,
        (value) => typeof value === 'boolean',
      ),

    runStep(step, run) {
      const options = stepOptions(step, run, now());
      const work = () => stopper.run(() => steps[step.uses]!.executeWithOptions(options, [run]));
      return settleActivity(
        () => doorbell.attend({ activityId: options.activityId ?? '', waits: step.place === 'io' }, work),
        (error) => explainStepFailure(error, step),
        isStepResult,
      );
    },

    ...lendWorkspace(identity, stopper),

    mark(call) {
      // One after the other: what is said last stays.
      marks = marks.then(() =>
        CancellationScope.nonCancellable(() =>
          engine['mark-commits'].executeWithOptions(marking, [call]),
        ).catch(() => undefined),
      );
    },

    marked: () => marks,
  };
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

function isStepResult(value: unknown): value is StepResult {
  return isObject(value) && (value['status'] === 'Succeeded' || value['status'] === 'Skipped');
}
