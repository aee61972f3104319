/** Where an expression failed: reading it, running it, cutting it out of its text, or writing its result as JSON. */
export type ExpressionStage = 'compile' | 'run' | 'template' | 'marshal';

/** An expression that cannot be used. The message never holds a value, only types and names of the source. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly stage: ExpressionStage;
  /** UTF-16 units from the start of the text that was given. */
  readonly offset: number | undefined;

  constructor(stage: ExpressionStage, message: string, offset?: number) {
    super(message);
    this.stage = stage;
    this.offset = offset;
  }
}

/** What operators and functions throw; the evaluator adds the place. */
export function fail(message: string): never {
  throw new ExpressionError('run', message);
}

/** The same error, as seen from a text in which the expression begins at `shift`. */
export function moved(error: ExpressionError, shift: number): ExpressionError {
  const offset = error.offset === undefined ? undefined : error.offset + shift;
  return new ExpressionError(error.stage, error.message, offset);
}
