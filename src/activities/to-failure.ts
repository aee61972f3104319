import type { ApplicationFailure } from '@temporalio/common';
import { formatDuration } from '../core/duration.ts';
import { messageOf, NotYet, Refusal, TerminalError, WorkspaceLost } from '../core/errors.ts';
import type { StepFailure, StepRun } from '../core/promotion/step-run.ts';
import { countError, countLook, journalOf, type Attempts } from './journal.ts';
import { backoffDelay, waitDelay, withinDeadline } from './patience.ts';
import type { Scrubber } from './scrub.ts';
import { EvaluationError } from './step-config.ts';
import { endOfStep, notYetFailure, transientFailure, workspaceLostFailure } from './step-failure.ts';
import { OutputUnusable } from './step-output.ts';

/** The attempt that a step could not end well. */
export interface BrokenAttempt {
  readonly run: StepRun;
  /** Before this attempt. */
  readonly attempts: Attempts;
  readonly timedOut: boolean;
  readonly scrubber: Scrubber;
}

/** What to throw, and the journal to heartbeat before. */
export interface Verdict {
  readonly failure: ApplicationFailure;
  readonly attempts: Attempts;
}

/** Translates what a step threw into what the server should do about it: end, look again, or try again. */
export function toFailure(error: unknown, broken: BrokenAttempt): Verdict {
  const { run, attempts, scrubber } = broken;
  const { alias } = run.scope;
  const message = scrubber.text(textOf(error));
  const end = (status: StepFailure['status'], text: string, after = countLook(attempts)): Verdict => {
    const journal = journalOf(after);
    const unevaluated = error instanceof EvaluationError && { unevaluated: true as const };
    const failure = endOfStep({ status, message: text, ...(journal && { journal }), ...unevaluated });
    return { failure, attempts: after };
  };
  if (error instanceof WorkspaceLost) return { failure: workspaceLostFailure(message), attempts };
  if (broken.timedOut) return end('Errored', explainTimeout(broken), attempts);
  if (error instanceof TerminalError) return end('Failed', `step "${alias}": ${message}`);
  if (error instanceof EvaluationError) return end('Errored', message);
  if (error instanceof OutputUnusable) return end('Errored', `step "${alias}": ${message}`);
  if (error instanceof NotYet) return lookAgain(error.retryIn, message, broken);
  const counted = countError(attempts, new Date().toISOString(), message);
  const { errorThreshold, backoff } = run.retry;
  const isRefused = error instanceof Refusal;
  const text = `${isRefused ? '' : 'error running '}step "${alias}": ${message}`;
  if (counted.consecutive >= errorThreshold) {
    const status = isRefused ? 'Failed' : 'Errored';
    return end(status, `step "${alias}" met error threshold of ${errorThreshold}: ${text}`, counted);
  }
  const delay = withinDeadline(backoffDelay(backoff, counted.consecutive), run.deadline);
  return { failure: transientFailure(text, delay), attempts: counted };
}

function lookAgain(retryIn: number | undefined, message: string, { run, attempts }: BrokenAttempt): Verdict {
  const age = Date.now() - Date.parse(run.retriedAt ?? run.scope.startedAt);
  const delay = withinDeadline(waitDelay(retryIn, age), run.deadline);
  return { failure: notYetFailure(message, delay), attempts: countLook(attempts, message) };
}

/** Names the last thing that really went wrong: that the step was cut off says nothing. */
function explainTimeout({ run, attempts }: BrokenAttempt): string {
  const { timeout } = run.retry;
  const after = timeout === undefined ? '' : ` after ${formatDuration(timeout)}`;
  const last = attempts.consecutive > 0 ? attempts.recent.at(-1)?.message : attempts.waiting;
  const reason = last ?? attempts.recent.at(-1)?.message;
  return `step "${run.scope.alias}" timed out${after}${reason ? `: ${reason}` : ''}`;
}

function textOf(error: unknown): string {
  return messageOf(error) || (error instanceof Error ? error.name : 'unknown error');
}
