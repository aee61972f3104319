import {
  ApplicationFailure,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { createOutputs } from '../core/promotion/outputs.ts';
import type { Run } from '../core/promotion/scope.ts';
import type { PromotionStatus } from '../core/promotion/status.ts';
import { checkAbort, explainStop, type AbortCall } from '../core/promotion/stop.ts';
import type { Stopper } from './stopper.ts';

/** How far a promotion is. */
export const statusQuery = defineQuery<PromotionStatus>('status');

/** Ends a promotion early; steps marked `if: ${{ always() }}` still run. Refused once it ends anyway. */
export const abortUpdate = defineUpdate<void, [AbortCall]>('abort');

/** A doorbell: something happened to a pull request. Its payload is a hint at most. */
export const pullRequestSignal = defineSignal<unknown[]>('pullRequest');

/** The status of a promotion under way. */
export type RunStatus = Run['status'];

/** The status of a promotion of which nothing is known yet. */
export function createStatus(): RunStatus {
  return {
    name: '',
    project: '',
    stage: '',
    phase: 'Pending',
    currentStep: 0,
    stepExecutionMetadata: [],
    state: createOutputs(),
    healthChecks: [],
    commits: [],
  };
}

/** Answers everybody who writes to a promotion. No handler throws: that would stop or fail the whole run. */
export function listen(status: RunStatus, stopper: Stopper): void {
  setHandler(statusQuery, () => status);
  setHandler(
    abortUpdate,
    ({ actor, reason }) => stopper.request({ kind: 'abort', actor, ...(reason && { reason }) }),
    {
      validator: (call) => refuse(checkAbort(call) ?? checkOpen(status, stopper)),
      description:
        'Ends the promotion; steps marked always() still run. {"actor": "alice", "reason": "wrong version"}',
    },
  );
  // No step waits for a bell yet; without a handler signals would pile up.
  setHandler(pullRequestSignal, () => undefined);
}

function checkOpen({ phase }: RunStatus, stopper: Stopper): string | undefined {
  const stop = stopper.find();
  if (stop) return `the promotion is already ending: ${explainStop(stop)}`;
  return phase === 'Pending' || phase === 'Running' ? undefined : `the promotion has already ended: ${phase}`;
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw ApplicationFailure.nonRetryable(problem, 'Refused');
}
