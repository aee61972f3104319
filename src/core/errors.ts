import type { JsonObject } from './json.ts';

/**
 * Whose turn it is when a step cannot go on. A step throws one of the classes below; every other error is
 * transient: it counts towards `retry.errorThreshold` and the step is tried again below it.
 */

/** What else a step may say about its end. */
interface Ending extends ErrorOptions {
  /** How it ends: Failed where something was refused, Errored where something broke. */
  readonly status?: 'Failed' | 'Errored';
  /** Kept like that of a step that ended well. */
  readonly output?: JsonObject;
}

/** An error that says how the step ends and what it leaves. */
abstract class EndingError extends Error {
  readonly status: 'Failed' | 'Errored';
  readonly output: JsonObject | undefined;

  constructor(
    message: string,
    fallback: 'Failed' | 'Errored',
    { status = fallback, output, ...options }: Ending,
  ) {
    super(message, options);
    this.status = status;
    this.output = output;
  }
}

/** Nobody can repair this by trying again. The step ends, as Failed by default: the user has to change something. */
export class TerminalError extends EndingError {
  override readonly name = 'TerminalError';

  constructor(message: string, ending: Ending = {}) {
    super(message, 'Failed', ending);
  }

  // By name, here and below: a step of somebody's own may come with another copy of this package.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'TerminalError' && 'status' in value;
  }
}

/** Counted like every other error; once there are too many, the step ends with this status (Errored by default). */
export class TransientError extends EndingError {
  override readonly name = 'TransientError';

  constructor(message: string, ending: Ending = {}) {
    super(message, 'Errored', ending);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'TransientError' && 'status' in value;
  }
}

/** The step did not break; what it waits for is not there yet. Looked at again, never counted as an error. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
  /** Suggested time to the next look, in milliseconds. */
  readonly retryIn: number | undefined;
  /** What the step knows already: its own expressions see it at the next look. At most 16 KiB are kept. */
  readonly output: JsonObject | undefined;

  constructor(message: string, retryIn?: number, output?: JsonObject) {
    super(message);
    this.retryIn = retryIn;
    this.output = output;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'NotYet' && 'retryIn' in value;
  }
}

/** The workspace is not (or no longer) what the promotion left there: it must be made again elsewhere. */
export class WorkspaceLost extends Error {
  override readonly name = 'WorkspaceLost';
}

/** Files that had to be made again came out differently: what was done with the first ones must not be done with these. */
export class RebuildDiverged extends Error {
  override readonly name = 'RebuildDiverged';
}

/** The text of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
