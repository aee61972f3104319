import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import { failureTypes, queues, type EngineActivities } from '../core/promotion/calls.ts';
import { isObject } from '../core/json.ts';
import type { Plan } from '../core/promotion/plan.ts';
import type { PromotionRequest } from '../core/promotion/request.ts';
import type { PromotionIdentity } from '../core/promotion/step-run.ts';
import { withinTask } from './activity-options.ts';
import { createFailure } from './close.ts';
import { errored, type End } from './effects.ts';
import { explainOtherFailure } from './explain-failure.ts';
import { refuseUndecodable, UndecodableResult } from './refuse-undecodable.ts';
import type { Stopper } from './stopper.ts';

const { plan } = proxyActivities<EngineActivities>({
  taskQueue: queues.main,
  activityId: 'plan',
  summary: 'reads the definitions and checks everything',
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  // About a quarter of an hour of trying; counted in attempts, so that time without any worker costs nothing.
  retry: { maximumInterval: '1 minute', maximumAttempts: 20 },
});

/** Most plans are made by the worker that has the workflow task. */
const { plan: planHere } = proxyLocalActivities<EngineActivities>({
  summary: 'reads the definitions and checks everything',
  ...withinTask,
});

/** The checked plan of a promotion. Throws `InvalidPromotion`, with the message of whoever found the problems. */
export async function planPromotion(
  request: PromotionRequest,
  identity: PromotionIdentity,
  stopper: Stopper,
): Promise<End<Plan>> {
  const call = { request, identity };
  if (stopper.find()) return { kind: 'stopped' };
  const here = await attempt(() => stopper.run(() => planHere(call)));
  if (here.kind !== 'failed') return here;
  if (stopper.find()) return { kind: 'stopped' };
  // What took too long here, or could not be read, has the time and the attempts of an activity.
  return attempt(() => stopper.run(() => plan(call)));
}

async function attempt(work: () => Promise<Plan>): Promise<End<Plan>> {
  try {
    const value = await work();
    if (isPlan(value)) return { kind: 'done', value };
    refuseUndecodable(value);
    return errored('the plan could not be read');
  } catch (error) {
    if (error instanceof UndecodableResult) throw error;
    const cause = error instanceof ActivityFailure ? error.cause : undefined;
    if (cause instanceof ApplicationFailure && cause.type === failureTypes.invalid) {
      throw createFailure(failureTypes.invalid, cause.message, ...(cause.details ?? []));
    }
    return explainOtherFailure(error);
  }
}

function isPlan(value: unknown): boolean {
  return isObject(value) && Array.isArray(value['steps']) && isObject(value['freight']);
}
