/** One run of a program, as plain data: it can be told to another process. `env` is the whole environment. */
export type Program = GitProgram | ToolProgram;

/** What goes with a run and is not data. */
export interface ProgramCall {
  readonly signal: AbortSignal;
  /** Called with what git reports while it works. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/**
 * Standard output of one run. Rejects with a ProgramFailure; after an abort with the signal's own reason, when the
 * program and everything it started are gone.
 */
export type RunProgram = (program: Program, call: ProgramCall) => Promise<string>;

/** One git command. */
export interface GitProgram {
  readonly kind: 'git';
  readonly binary: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Settings for this call, as `section.key=value`. */
  readonly config: readonly string[];
  readonly input?: string | undefined;
}

/** One run of a tool, in a process group of its own that ends as a whole: TERM, then KILL. */
export interface ToolProgram {
  readonly kind: 'tool';
  /** How errors call it. */
  readonly tool: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | undefined;
  /** Most bytes of output. */
  readonly maxOutput: number;
}

/** How a program ended that did not end well. */
export interface ProgramEnd {
  /** Absent where a signal ended it, or where it was not started. */
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** The system's, where it was not started. */
  readonly code?: string | undefined;
  readonly isMaxBuffer?: boolean;
  /** In words, without what it printed. */
  readonly message: string;
}

/** A program did not end well. What it printed is whole and raw: to be redacted, then cut, by who shows it. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure';
  readonly end: ProgramEnd;
  readonly printed: string;

  constructor(end: ProgramEnd, printed: string) {
    super(end.message);
    this.end = end;
    this.printed = printed;
  }
}
