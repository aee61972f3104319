import type { ApplicationFailure } from '@temporalio/common';
import { formatDuration } from '../core/duration.ts';
import { messageOf, NotYet, TerminalError, TransientError, WorkspaceLost } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { limits } from '../core/promotion/limits.ts';
import { sizeOfJson } from '../core/promotion/size.ts';
import type { StepFailure, StepRun } from '../core/promotion/step-run.ts';
import { countError, countLook, journalOf, type Attempts } from './journal.ts';
import { backoffDelay, waitDelay, withinDeadline, type Pace } from './patience.ts';
import type { Scrubber } from './scrub.ts';
import { EvaluationError } from './step-config.ts';
import { endOfStep, notYetFailure, transientFailure, workspaceLostFailure } from './step-failure.ts';
import { OutputUnusable, plainOutput, StatusUnknown } from './step-output.ts';

/** The attempt that a step could not end well. */
export interface BrokenAttempt {
  readonly run: StepRun;
  /** Before this attempt. */
  readonly attempts: Attempts;
  readonly timedOut: boolean;
  readonly scrubber: Scrubber;
  /** What expressions looked for in vain: often the reason. */
  readonly missing?: Iterable<string>;
  /** The end of what the step printed. */
  readonly log?: string;
  /** Default the usual one. */
  readonly pace?: Pace;
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
  const message = scrubber.text(textOf(error) + hintAt(error, broken.missing));
  const output = outputOf(error, scrubber);
  const end = (failure: StepFailure, after = countLook(attempts)) => endWith(failure, after, broken);
  const ends = (status: StepFailure['status'], text: string): StepFailure => ({
    status,
    message: text,
    ...(output && { output }),
  });
  if (error instanceof WorkspaceLost) return { failure: workspaceLostFailure(message), attempts };
  if (broken.timedOut)
    return end({ ...ends('Errored', explainTimeout(broken)), ...lastOutput(attempts) }, attempts);
  if (error instanceof TerminalError) return end(ends(error.status, explainEnd(error, alias, message)));
  if (error instanceof EvaluationError)
    return end({ ...ends('Errored', message), ...lastOutput(attempts), unevaluated: true });
  if (error instanceof StatusUnknown) return end(ends('Errored', `step "${alias}" ${message}`));
  if (error instanceof OutputUnusable) return end(ends('Errored', `step "${alias}": ${message}`));
  if (error instanceof NotYet) return lookAgain(error.retryIn, message, output, broken);
  return countUp(error, message, output, broken);
}

function endWith(failure: StepFailure, attempts: Attempts, { log }: BrokenAttempt): Verdict {
  const journal = journalOf(attempts);
  const failed = { ...failure, ...(journal && { journal }), ...(log !== undefined && { log }) };
  return { failure: endOfStep(failed), attempts };
}

function explainEnd({ status }: TerminalError, alias: string, message: string): string {
  if (status === 'Failed') return `step "${alias}": ${message}`;
  return `an unrecoverable error occurred: error running step "${alias}": ${message}`;
}

function countUp(
  error: unknown,
  message: string,
  output: JsonObject | undefined,
  broken: BrokenAttempt,
): Verdict {
  const { run, attempts } = broken;
  const { alias } = run.scope;
  const { errorThreshold, backoff } = run.retry;
  const status = error instanceof TransientError ? error.status : 'Errored';
  const counted = countError(attempts, new Date().toISOString(), message);
  const text =
    status === 'Failed' ? `step "${alias}": ${message}` : `error running step "${alias}": ${message}`;
  if (counted.consecutive >= errorThreshold) {
    const met = `step "${alias}" met error threshold of ${errorThreshold}: ${text}`;
    return endWith({ status, message: met, ...(output && { output }) }, counted, broken);
  }
  const delay = withinDeadline(backoffDelay(backoff, counted.consecutive), run.deadline);
  return { failure: transientFailure(text, delay), attempts: withOutput(counted, output) };
}

function lookAgain(
  retryIn: number | undefined,
  message: string,
  output: JsonObject | undefined,
  { run, attempts, pace }: BrokenAttempt,
): Verdict {
  const age = Date.now() - Date.parse(run.retriedAt ?? run.scope.startedAt);
  const delay = withinDeadline(waitDelay(retryIn, age, pace), run.deadline);
  return {
    failure: notYetFailure(message, delay),
    attempts: withOutput(countLook(attempts, message), output),
  };
}

/** What a step that did not end well put out all the same; what cannot be kept is left out. */
function outputOf(error: unknown, scrubber: Scrubber): JsonObject | undefined {
  const output = isEnding(error) ? error.output : undefined;
  try {
    return scrubber.json(plainOutput(output));
  } catch {
    return undefined;
  }
}

function isEnding(error: unknown): error is { readonly output: JsonObject | undefined } {
  return [TerminalError, TransientError, NotYet, StatusUnknown].some((type) => error instanceof type);
}

/** Every heartbeat carries it: a large one is left out. */
function withOutput(attempts: Attempts, output: JsonObject | undefined): Attempts {
  return output && sizeOfJson(output) <= limits.failureDetails ? { ...attempts, output } : attempts;
}

function lastOutput({ output }: Attempts): { readonly output?: JsonObject } {
  return output ? { output } : {};
}

/** Names the last thing that really went wrong: that the step was cut off says nothing. */
function explainTimeout({ run, attempts }: BrokenAttempt): string {
  const { timeout } = run.retry;
  const after = timeout === undefined ? '' : ` after ${formatDuration(timeout)}`;
  const last = attempts.consecutive > 0 ? attempts.recent.at(-1)?.message : attempts.waiting;
  const reason = last ?? attempts.recent.at(-1)?.message;
  return `step "${run.scope.alias}" timed out${after}${reason ? `: ${reason}` : ''}`;
}

function hintAt(error: unknown, missing: Iterable<string> = []): string {
  const hints = [...missing];
  if (hints.length === 0 || error instanceof NotYet || error instanceof WorkspaceLost) return '';
  return `\nPerhaps because ${hints.join('; and ')}`;
}

function textOf(error: unknown): string {
  // Whoever waits need not say for what.
  if (error instanceof NotYet) return error.message;
  return messageOf(error) || (error instanceof Error ? error.name : 'unknown error');
}
