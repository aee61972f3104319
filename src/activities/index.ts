import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes, type EngineActivities, type StepActivity } from '../core/promotion/calls.ts';
import type { StepPlace } from '../core/promotion/plan.ts';
import type { StepDefinition } from './define-step.ts';
import { createEvaluateCondition } from './evaluate-condition.ts';
import { withHeartbeat } from './heartbeat.ts';
import { lookNow } from './look-now.ts';
import { createMarkCommits } from './mark-commits.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { runStep, type Surroundings } from './run-step.ts';
import { createClaim, createClaimHere, createReclaim } from './workspace/claim-workspace.ts';
import { createRelease, createReleaseHere } from './workspace/release-workspace.ts';

/** What activities are made of. */
export interface ActivityParts {
  readonly steps: readonly StepDefinition[];
  readonly surroundings: Surroundings;
  readonly plan: EngineActivities['plan'];
  /** Versions of the binaries of this worker, told to every claim. */
  readonly tools: Readonly<Record<string, string>>;
}

/** Activities by the queue they are polled from, each under the name the workflow calls. */
export interface Activities {
  readonly main: Readonly<Record<string, unknown>>;
  readonly io: Readonly<Record<string, unknown>>;
  readonly claim: Pick<EngineActivities, 'claim-workspace'>;
  readonly host: Readonly<Record<string, unknown>>;
}

/** Makes every activity of a worker: one per kind of step, and the few that are no steps. */
export function createActivities({ steps, surroundings, plan, tools }: ActivityParts): Activities {
  const { workspaces } = surroundings;
  // Traits may say that this step needs files, wherever its kind usually runs.
  const at = (place: StepPlace) =>
    Object.fromEntries(
      steps
        .filter((step) => step.place === place || (place === 'workspace' && step.traits))
        .map((step): [string, StepActivity] => [step.kind, (run) => runStep(step, run, surroundings)]),
    );
  return {
    main: refuseUnreadable({
      ...at('anywhere'),
      plan,
      'evaluate-condition': withHeartbeat(createEvaluateCondition(surroundings)),
      'look-now': lookNow,
      'claim-workspace': createClaimHere(workspaces, tools, surroundings.leaving),
      'release-workspace': createReleaseHere(workspaces),
    }),
    // The catch-all keeps the queue polled while no kind of step needs it.
    io: refuseUnreadable({
      ...at('io'),
      'mark-commits': createMarkCommits(surroundings),
      default: unknownStep,
    }),
    claim: refuseUnreadable({ 'claim-workspace': withHeartbeat(createClaim(workspaces, tools)) }),
    host: refuseUnreadable({
      ...at('workspace'),
      'claim-workspace': withHeartbeat(createReclaim(workspaces, tools)),
      'release-workspace': withHeartbeat(createRelease(workspaces)),
    }),
  };
}

/** Another worker, a newer one perhaps, may know it. */
function unknownStep(): Promise<never> {
  const { activityType } = activityInfo();
  throw ApplicationFailure.retryable(`this worker knows no step "${activityType}"`, failureTypes.transient);
}
