import { CancellationScope, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import { messageOf } from '../core/errors.ts';
import { explainStatus } from '../core/promotion/explain-status.ts';
import { promotionName } from '../core/promotion/name.ts';
import { finalOutcome } from '../core/promotion/outcome.ts';
import type { Plan } from '../core/promotion/plan.ts';
import type { PromotionRequest } from '../core/promotion/request.ts';
import type { PromotionStatus } from '../core/promotion/status.ts';
import type { PromotionIdentity } from '../core/promotion/step-run.ts';
import { closePromotion } from './close.ts';
import { createEffects } from './create-effects.ts';
import type { End } from './effects.ts';
import { pickInterpreter } from './interpreters.ts';
import { createStatus, listen, type RunStatus } from './messages.ts';
import { planPromotion } from './plan-promotion.ts';
import { readRequest } from './read-request.ts';
import { writePhase, writeSearchAttributes } from './search-attributes.ts';
import { createStopper, type Stopper } from './stopper.ts';

/**
 * Promotes Freight to a Stage. Takes one JSON object and trusts nothing in it; closes as COMPLETED, FAILED or CANCELED
 * as the promotion ends, and answers query `status` at any time.
 */
export async function promotion(...args: unknown[]): Promise<PromotionStatus> {
  const status = createStatus();
  const stopper = createStopper();
  listen(status, stopper);
  try {
    await promote(args, status, stopper);
  } catch (error) {
    // Clients that ask for the status learn what those learn that wait for the result.
    Object.assign(status, { phase: 'Errored', message: messageOf(error) });
    throw error;
  }
  return closePromotion(status);
}

async function promote(args: readonly unknown[], status: RunStatus, stopper: Stopper): Promise<void> {
  const runSteps = pickInterpreter();
  const request = readRequest(args);
  const identity = identify(request);
  describe(status, identity);
  const timer = startTimer(request, stopper);
  const planned = await planPromotion(request, identity, stopper);
  if (planned.kind !== 'done') return endWithoutPlan(status, planned, stopper);

  const plan = planned.value;
  const run = { plan, identity: identify({ ...request, freight: plan.freight.target.name }), status };
  describe(status, run.identity, plan);
  const changed = () => setCurrentDetails(explainStatus(status, plan));
  const effects = createEffects(run.identity, stopper, changed);
  writeSearchAttributes(plan, status);
  await runSteps(run, effects);
  writePhase(plan, status);
  timer.cancel();
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

function describe(status: RunStatus, { name, project, stage, actor }: PromotionIdentity, plan?: Plan): void {
  Object.assign(status, { name, project, stage, ...(actor !== undefined && { actor }) });
  if (plan) {
    const steps = plan.steps.map(({ alias, uses }) => ({ alias, uses }));
    Object.assign(status, { freight: plan.freight.target, definitions: plan.definitions, steps });
  }
  setCurrentDetails(explainStatus(status, plan));
}

/** The limit of the whole promotion; costs nothing when there is none. */
function startTimer({ timeout }: PromotionRequest, stopper: Stopper): CancellationScope {
  const scope = new CancellationScope({ cancellable: true });
  if (timeout !== undefined) {
    const after = Math.min(Math.max(Math.ceil(timeout), 1), longestTimer);
    scope
      .run(() => sleep(after))
      .then(
        () => stopper.request({ kind: 'timeout', after }),
        // Cancelled: the promotion ended in time, or is being stopped for another reason.
        () => undefined,
      );
  }
  return scope;
}

function endWithoutPlan(
  status: RunStatus,
  end: Exclude<End<Plan>, { kind: 'done' }>,
  stopper: Stopper,
): void {
  const outcome =
    end.kind === 'failed'
      ? { phase: 'Errored' as const, message: `no plan could be made: ${end.failure.message}` }
      : finalOutcome([], stopper.find());
  Object.assign(status, outcome, { finishedAt: new Date().toISOString() });
  setCurrentDetails(explainStatus(status));
}

/** Ten years. */
const longestTimer = 10 * 365 * 24 * 3_600_000;
