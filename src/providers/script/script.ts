/** A script of a user's and how to run it. */
export interface Script {
  readonly text: string;
  /** Options of bash, such as `-e`. */
  readonly options: readonly string[];
  /** Added to the environment; wins over ours. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds it may take; absent = as long as it wants. */
  readonly timeout?: number;
  /** Gets what it prints, piece by piece. */
  readonly onOutput: (text: string) => void;
}

/** How a script ended, whatever that means. */
export interface ScriptEnd {
  /** Absent when a signal ended it. */
  readonly exitCode?: number;
  readonly signal?: string;
  readonly timedOut: boolean;
  /** What it wrote to the file for outputs; at most 1 MiB of it. */
  readonly outputs: string;
  /** The end of what it said on standard error, or else on standard output; at most 4096 characters. */
  readonly said: string;
}

/** Runs scripts over the files of a promotion, as the promotion: its git identity, its credentials, its tools. */
export interface Scripts {
  /**
   * Runs one to its end in the root of the files. Its HOME is its own and gone afterwards, and so is every process it
   * began. Rejects with the signal's own reason after an abort.
   */
  run(script: Script): Promise<ScriptEnd>;
  /** Work trees below the root, as paths relative to it. */
  listWorkTrees(): Promise<readonly string[]>;
}

/** Variables that tell a script where to write `key=value` lines. */
export const outputVariables = ['GANTRY_OUTPUT', 'KARGO_OUTPUT'] as const;
