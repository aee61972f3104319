import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { failureTypes } from '../core/promotion/calls.ts';
import { limits } from '../core/promotion/limits.ts';
import { cutText, sizeOfJson } from '../core/promotion/size.ts';
import type { StepFailure } from '../core/promotion/step-run.ts';

/** The end of a step: never retried. What is too large for a history is cut, the output first. */
export function endOfStep(failure: StepFailure, type = typeOf(failure)): ApplicationFailure {
  const details = fitting({ ...failure, message: cut(failure.message) });
  return createFailure({ message: details.message, type, nonRetryable: true, details: [details] });
}

/** The attempt broke, the step did not end: tried again after `delay` milliseconds. */
export function transientFailure(message: string, delay: number): ApplicationFailure {
  return createFailure({ message: cut(message), type: failureTypes.transient, nextRetryDelay: delay });
}

/** Nothing broke: looked at again after `delay` milliseconds, without noise in logs and metrics. */
export function notYetFailure(message: string, delay: number): ApplicationFailure {
  return createFailure({
    message: cut(message),
    type: failureTypes.notYet,
    nextRetryDelay: delay,
    category: ApplicationFailureCategory.BENIGN,
  });
}

/** The files are gone: the workflow has them made again. */
export function workspaceLostFailure(message: string): ApplicationFailure {
  return createFailure({ message: cut(message), type: failureTypes.workspaceLost, nonRetryable: true });
}

/** Another worker has to do it: a local activity says so, and nothing broke. */
export function notHereFailure(message: string): ApplicationFailure {
  return createFailure({
    message,
    type: failureTypes.notHere,
    nonRetryable: true,
    category: ApplicationFailureCategory.BENIGN,
  });
}

/** A condition that has no answer; `again` when asking once more may help. */
export function conditionFailure(message: string, again: boolean): ApplicationFailure {
  const type = again ? failureTypes.transient : failureTypes.stepErrored;
  return createFailure({ message: cut(message), type, nonRetryable: !again });
}

/** The worker ends while the step runs: the same failure the server records when Temporal's own core ends it. */
export function shutdownFailure(): ApplicationFailure {
  return createFailure({ message: 'The worker is shutting down', type: failureTypes.shutdown });
}

function typeOf({ status }: StepFailure): string {
  return status === 'Failed' ? failureTypes.stepFailed : failureTypes.stepErrored;
}

function createFailure(options: Parameters<typeof ApplicationFailure.create>[0]): ApplicationFailure {
  const failure = ApplicationFailure.create(options);
  // Where in our code it was thrown says nothing to a user, and paths of a worker do not belong in a history.
  failure.stack = '';
  return failure;
}

function fitting(failure: StepFailure): StepFailure {
  if (sizeOfJson(failure) <= limits.failureDetails) return failure;
  const { log, ...others } = failure;
  if (log !== undefined) return fitting({ ...others, ...endOfLog(log, sizeOfJson(others)) });
  const { output: _, ...rest } = failure;
  if (sizeOfJson(rest) <= limits.failureDetails || !rest.journal) return rest;
  return { ...rest, journal: { ...rest.journal, recent: rest.journal.recent.slice(-1) } };
}

/** As much of the end as there is room for beside the rest. */
function endOfLog(log: string, used: number): Pick<StepFailure, 'log'> {
  const room = limits.failureDetails - used - 100;
  let end = log.slice(-Math.max(room, 1));
  while (end.length > 200 && sizeOfJson(end) > room) end = end.slice(Math.ceil(end.length / 8));
  return sizeOfJson(end) <= room ? { log: end.replace(/^\p{Surrogate}/u, '') } : {};
}

function cut(message: string): string {
  return cutText(message, maximumMessage);
}

/** UTF-16 units: beside it a journal must fit into the details. */
const maximumMessage = 4 * 1024;
