/**
 * Whose turn it is when a step cannot go on. A step throws one of the classes below; every other error is
 * transient: it counts towards `retry.errorThreshold` and the step is tried again below it.
 */

/** Nobody can repair this by trying again. The step ends as Failed: the user has to change something. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** The outside said no and may say yes later: counts as any error does, but the step that gives up is Failed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The step did not break; what it waits for is not there yet. Looked at again, never counted as an error. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
  /** Suggested time to the next look, in milliseconds. */
  readonly retryIn: number | undefined;

  constructor(message: string, retryIn?: number) {
    super(message);
    this.retryIn = retryIn;
  }
}

/** The workspace is not (or no longer) what the promotion left there: it must be made again elsewhere. */
export class WorkspaceLost extends Error {
  override readonly name = 'WorkspaceLost';
}

/** The text of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
