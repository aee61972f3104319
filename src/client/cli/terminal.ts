import { createScreen, type Screen } from './screen.ts';

/** Where a command reads and writes; a test gives its own. */
export interface Terminal {
  /** Results only. */
  readonly out: Output;
  /** Everything else; a screen where lines can be written over. */
  readonly err: Output & Partial<Pick<Screen, 'show' | 'size'>>;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Asks the user for a line; absent when there is nobody to ask. */
  readonly ask?: (question: string) => Promise<string>;
  /** All of standard input; absent where there is none. */
  readonly readInput?: () => Promise<string>;
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
  const { stdin, stdout: out, stderr, env } = process;
  for (const stream of [out, stderr]) stream.on('error', endWithReader);
  const err = stderr.isTTY && env['TERM'] !== 'dumb' ? createScreen(stderr) : stderr;
  const hasUser = stdin.isTTY && stderr.isTTY;
  return {
    out,
    err,
    env,
    cwd: process.cwd(),
    ...(hasUser && { ask }),
    readInput,
    onStop,
    exit: (code) => process.exit(code),
  };
}

function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  throw error;
}

async function readInput(): Promise<string> {
  const { text } = await import('node:stream/consumers');
  return text(process.stdin);
}

/** An empty answer when the user ends the input. */
async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.once('close', () => resolve(''));
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

function onStop(listener: () => void): () => void {
  for (const signal of stopSignals) process.on(signal, listener);
  return () => {
    for (const signal of stopSignals) process.off(signal, listener);
  };
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
