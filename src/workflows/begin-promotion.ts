import { workflowInfo } from '@temporalio/workflow';
import { promotionName } from '../core/promotion/name.ts';
import { finalOutcome } from '../core/promotion/outcome.ts';
import type { Plan } from '../core/promotion/plan.ts';
import type { PromotionRequest } from '../core/promotion/request.ts';
import type { PromotionIdentity } from '../core/promotion/step-run.ts';
import type { Continued } from './continued.ts';
import type { Desk } from './desk.ts';
import type { End } from './effects.ts';
import { createFiles } from './files.ts';
import { planPromotion } from './plan-promotion.ts';
import { readRequest } from './read-request.ts';
import { limitFromNow, startTimer } from './time-limit.ts';

/**
 * Everything up to the first step, from whatever somebody sent. Undefined when the promotion ended before there was a
 * plan; throws `InvalidPromotion`.
 */
export async function beginPromotion(args: readonly unknown[], desk: Desk): Promise<Continued | undefined> {
  const { status, stopper } = desk;
  const request = readRequest(args);
  const identity = identify(request);
  describe(desk, identity);
  const limit = request.timeout === undefined ? undefined : limitFromNow(request.timeout);
  if (limit) desk.timer = startTimer(limit, stopper);
  const planned = await planPromotion(request, identity, stopper);
  if (planned.kind !== 'done') {
    endWithoutPlan(desk, planned);
    return undefined;
  }
  const plan = planned.value;
  const { uiBaseUrl } = plan;
  const named = {
    ...identify({ ...request, freight: plan.freight.target.name }),
    ...(uiBaseUrl !== undefined && { uiBaseUrl }),
  };
  desk.run = { plan, identity: named, status, onFailure: request.onFailure };
  describe(desk, named);
  return { run: desk.run, files: createFiles(), ...(limit && { limit }) };
}

/** Who promotes what. The name ends with the Freight's, which is known for certain only when there is a plan. */
function identify(request: PromotionRequest): PromotionIdentity {
  const { project, stage, actor } = request;
  const { workflowId, firstExecutionRunId: firstRunId, startTime } = workflowInfo();
  const name = promotionName({ workflowId, firstRunId, startedAt: startTime, request });
  return {
    name,
    project,
    stage,
    workflowId,
    firstRunId,
    startedAt: startTime.toISOString(),
    ...(actor !== undefined && { actor }),
  };
}

function describe({ status, run, show }: Desk, { name, project, stage, actor }: PromotionIdentity): void {
  Object.assign(status, { name, project, stage, ...(actor !== undefined && { actor }) });
  if (run) {
    const { freight, definitions, steps } = run.plan;
    const listed = steps.map(({ alias, uses }) => ({ alias, uses }));
    Object.assign(status, { freight: freight.target, definitions, steps: listed });
  }
  show();
}

function endWithoutPlan({ status, stopper, show }: Desk, end: Exclude<End<Plan>, { kind: 'done' }>): void {
  const outcome =
    end.kind === 'failed'
      ? { phase: 'Errored' as const, message: `no plan could be made: ${end.failure.message}` }
      : finalOutcome([], stopper.find());
  delete status.paused;
  Object.assign(status, outcome, { finishedAt: new Date().toISOString() });
  show();
}
