import type { ActivityOptions } from '@temporalio/workflow';
import { failureTypes, queues } from '../core/promotion/calls.ts';
import type { PlannedStep } from '../core/promotion/plan.ts';
import { cutText } from '../core/promotion/size.ts';
import type { StepRun } from '../core/promotion/step-run.ts';

const second = 1000;
const minute = 60 * second;

/**
 * How the activity of a step is scheduled. Every number is inside what the server accepts, whatever the user wrote: a
 * refused command would fail the workflow task for ever.
 */
export function stepOptions(step: PlannedStep, run: StepRun, now: string): ActivityOptions {
  const remaining = run.deadline === undefined ? undefined : Date.parse(run.deadline) - Date.parse(now);
  const limit = remaining === undefined ? undefined : clamp(remaining, 0, longest) + graceOf(step);
  return {
    activityId: activityId(`${run.index}-${step.alias}`),
    summary: cutText(run.previous ? `${step.summary} (again: its files were lost)` : step.summary, 200),
    taskQueue: queueOf(step, run),
    startToCloseTimeout: Math.min(limit ?? longestAttempt, longestAttempt),
    ...(limit !== undefined && { scheduleToCloseTimeout: limit }),
    ...(run.workspace && { scheduleToStartTimeout: queueing }),
    heartbeatTimeout: 10 * second,
    // The default would let what follows start while the cancelled step still runs.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: retryOf(step),
  };
}

/** What keeps the engine's own activities quick: a worker that dies or hangs costs seconds, not the whole time one may take. */
export const alive = {
  heartbeatTimeout: '10 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
} as const;

/** For local activities that mostly take milliseconds: within the workflow task, they cost no task of their own. */
export const withinTask = {
  startToCloseTimeout: '2 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { maximumAttempts: 1 },
} as const;

/** An id the server takes: printable, at most 1000 bytes. */
export function activityId(text: string): string {
  return cutText(text.replace(/\p{Cc}/gu, ' '), 300);
}

function queueOf(step: PlannedStep, run: StepRun): string {
  if (run.workspace) return queues.workspace(run.workspace.uid);
  return step.place === 'io' ? queues.io : queues.main;
}

/** No limit on attempts: `run-step` makes the error that is one too many non-retryable. */
function retryOf(step: PlannedStep): NonNullable<ActivityOptions['retry']> {
  const { initial, factor, max } = step.retry.backoff;
  const initialInterval = clamp(initial, 1, longest);
  return {
    initialInterval,
    backoffCoefficient: clamp(factor, 1, 100),
    maximumInterval: clamp(max, initialInterval, longest),
    ...(step.place === 'workspace' || !step.repeatable ? { nonRetryableErrorTypes: deadWorker(step) } : {}),
  };
}

/** A worker that died or ends: the workflow finds another disk, or, where repeating may do harm, does nothing more. */
function deadWorker({ repeatable }: PlannedStep): string[] {
  const gone = ['TemporalTimeout:Heartbeat', failureTypes.shutdown];
  return repeatable ? gone : [...gone, 'TemporalTimeout:StartToClose'];
}

/** The step ends itself at its deadline; the server's limit is for steps that no longer can. */
function graceOf({ retry }: PlannedStep): number {
  return 30 * second + clamp(retry.backoff.max, 0, 10 * minute);
}

function clamp(value: number, low: number, high: number): number {
  return Number.isFinite(value) ? Math.ceil(Math.min(Math.max(value, low), high)) : high;
}

/** A worker always has a slot for a folder that it lent. Longer means it is gone; if not, it is asked again first. */
const queueing = 20 * second;
/** Ten years: further than any wait, well inside the server's range. */
const longest = 10 * 365 * 24 * 60 * minute;
const longestAttempt = 24 * 60 * minute;
