/** Where a command reads and writes; a test gives its own. */
export interface Terminal {
  /** Results only. */
  readonly out: Output;
  /** Everything else. */
  readonly err: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Calls back when the user or the system asks to stop; until then a signal ends the process. Returns its undoing. */
  onStop(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** The terminal of this process. A reader that goes away ends the process quietly. */
export function processTerminal(): Terminal {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  const { stdout: out, stderr: err, env } = process;
  return { out, err, env, cwd: process.cwd(), onStop, exit: (code) => process.exit(code) };
}

function onStop(listener: () => void): () => void {
  for (const signal of stopSignals) process.on(signal, listener);
  return () => {
    for (const signal of stopSignals) process.off(signal, listener);
  };
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
