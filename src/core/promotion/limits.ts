const KiB = 1024;

/** Bounds of what enters history, in bytes. Beyond them the server ends workflows without asking anybody. */
export const limits = {
  /** The argument of the workflow. */
  request: 512 * KiB,
  /** A plan, also after a correction. */
  plan: 384 * KiB,
  /** Output of one step. */
  output: 256 * KiB,
  /** Outputs of all steps together. */
  state: 384 * KiB,
  /** What steps printed, of all together. */
  logs: 128 * KiB,
  /** Input of one activity that runs a step. */
  stepInput: 512 * KiB,
  /** Outputs inside a result; beyond it the result goes without them. */
  resultState: 256 * KiB,
  /** A result as a whole. */
  result: 512 * KiB,
  /** What a promotion takes along into a new history. */
  continued: 1536 * KiB,
  /** Result inside the details of a failure. */
  failureDetails: 16 * KiB,
  /** UTF-16 units of a failure's message. */
  message: 16 * KiB,
  /** Levels of lists and objects inside each other. */
  depth: 200,
} as const;
