/** Runs the resolved binaries. Never a shell; the environment is built from nothing. */
export interface ToolRunner {
  /**
   * Standard output of one run. Rejects with an Error that names the tool, its exit code and the end of its standard
   * error; with the signal's own reason after an abort, when the whole process group is gone.
   */
  run(tool: string, args: readonly string[], options: ToolRunOptions): Promise<string>;
}

export interface ToolRunOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; default none. The place for secrets: others can read arguments. */
  readonly input?: string;
  /** Other tools that it starts by itself: found, and put in front of its PATH. */
  readonly alongside?: readonly string[];
  /** Most bytes of output; default 64 MiB. */
  readonly maxOutput?: number;
}
