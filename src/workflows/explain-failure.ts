import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { failureTypes } from '../core/promotion/calls.ts';
import { formatDuration } from '../core/duration.ts';
import { messageOf } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import type { PlannedStep } from '../core/promotion/plan.ts';
import type { StepFailure } from '../core/promotion/step-run.ts';
import { errored, type End } from './effects.ts';
import { refuseUndecodable } from './refuse-undecodable.ts';

/** What the failure of a step's activity means for the promotion. */
export function explainStepFailure(error: unknown, step: PlannedStep): End<never> {
  if (isCancellation(error)) return { kind: 'stopped' };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) return explainTimeout(cause, step);
  if (isTimeUp(error)) return errored(timedOut(step, messageOf(cause)));
  if (!(cause instanceof ApplicationFailure)) return errored(`step "${step.alias}": ${messageOf(cause)}`);
  if (cause.type === failureTypes.shutdown) return handOver(step);
  if (cause.type === failureTypes.workspaceLost) return { kind: 'lost', message: cause.message };
  return { kind: 'failed', failure: readStepFailure(cause) };
}

/** The same for work that is no step: who cancelled it, or why it failed. */
export function explainOtherFailure(error: unknown): End<never> {
  if (isCancellation(error)) return { kind: 'stopped' };
  return errored(messageOf(error instanceof ActivityFailure ? error.cause : error));
}

function explainTimeout(timeout: TimeoutFailure, step: PlannedStep): End<never> {
  const { alias, place, repeatable } = step;
  if (timeout.timeoutType === 'SCHEDULE_TO_CLOSE') return errored(timedOut(step, lastError(timeout)));
  if (timeout.timeoutType === 'SCHEDULE_TO_START') {
    return { kind: 'lost', message: `no worker took step "${alias}" in time` };
  }
  if (place === 'workspace' && repeatable) {
    return { kind: 'lost', message: `the worker that ran step "${alias}" is gone` };
  }
  return cutOff(step);
}

function handOver(step: PlannedStep): End<never> {
  const { alias, place, repeatable } = step;
  if (place !== 'workspace' || !repeatable) return cutOff(step);
  return { kind: 'lost', message: `the worker that ran step "${alias}" ended`, isHandedOver: true };
}

function cutOff({ alias, changesFiles }: PlannedStep): End<never> {
  const next = changesFiles ? 'retry or skip it' : 'start a new promotion';
  const message =
    `step "${alias}" was under way when its worker was lost. It is not repeated, because it may already have ` +
    `taken effect: look at what it did, then ${next}`;
  return { kind: 'failed', failure: { status: 'Errored', message, unclear: true } };
}

/** The server gave up because the next attempt would have begun after the end of the step's time. */
function isTimeUp(error: unknown): boolean {
  return error instanceof ActivityFailure && error.retryState === 'TIMEOUT';
}

function timedOut({ alias, retry }: PlannedStep, reason: string | undefined): string {
  const text = `step "${alias}" timed out after ${formatDuration(retry.timeout ?? 0)}`;
  return reason ? `${text}: ${reason}` : text;
}

function lastError(timeout: TimeoutFailure): string | undefined {
  return timeout.cause instanceof ApplicationFailure ? timeout.cause.message : undefined;
}

/** Failures of our own steps say all in their details; anybody else's tell at least a message. */
function readStepFailure({ message, type, details }: ApplicationFailure): StepFailure {
  const status = type === failureTypes.stepFailed ? 'Failed' : 'Errored';
  const detail: unknown = details?.[0];
  refuseUndecodable(detail);
  if (!isObject(detail) || typeof detail['message'] !== 'string') return { status, message };
  return { ...(detail as unknown as StepFailure), status };
}
