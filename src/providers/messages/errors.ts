/** A message that certainly did not arrive: sending it again does no harm. */
export class NotSent extends Error {
  override readonly name = 'NotSent';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** A message that may have arrived: sending it again could be once too often. */
export class Unsure extends Error {
  override readonly name = 'Unsure';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}
