import { delimiter, dirname } from 'node:path';
import { ProgramFailure, type ProgramEnd, type RunProgram, type ToolProgram } from './programs/program.ts';
import { runHere } from './programs/run-here.ts';
import type { ToolRunner } from './tool-runner.ts';

/** Finds the binary of a tool by name; rejects with words for the user when there is none. */
export type ResolveTool = (name: string) => Promise<{ readonly path: string }>;

/** What else a tool runner may be given. */
export interface ToolRunnerParts {
  /** Takes secrets out of what tools print, before any of it is cut. */
  readonly redact?: Redact;
  /** Starts them; default from this process. */
  readonly runProgram?: RunProgram | undefined;
}

/**
 * Runs resolved binaries, each in a process group of its own that ends as a whole: TERM, then KILL. `env` is the whole
 * environment of the children; a marker such as `GANTRY_TASK` in it lets a sweep find what even `kill -9` left behind.
 */
export function createToolRunner(
  resolve: ResolveTool,
  env: Readonly<Record<string, string>>,
  { redact = (text) => text, runProgram = runHere }: ToolRunnerParts = {},
): ToolRunner {
  return {
    async run(tool, args, options) {
      options.signal.throwIfAborted();
      const [main, ...others] = await Promise.all([tool, ...(options.alongside ?? [])].map(resolve));
      const PATH = [...others.map(({ path }) => dirname(path)), options.env?.['PATH'] ?? env['PATH']];
      const { cwd, input, signal, maxOutput = defaultMaxOutput } = options;
      const whole = { ...env, ...options.env, PATH: PATH.filter(Boolean).join(delimiter) };
      const file = main!.path;
      const program: ToolProgram = { kind: 'tool', tool, file, args, cwd, env: whole, input, maxOutput };
      return runProgram(program, { signal }).catch((error: unknown) => {
        // Without the failure as its cause: that holds what the tool printed, secrets included.
        throw error instanceof ProgramFailure ? new Error(explainFailure(program, error, redact)) : error;
      });
    },
  };
}

type Redact = (text: string) => string;

const defaultMaxOutput = 64 * 1024 * 1024;

function explainFailure(
  { tool, file, maxOutput }: ToolProgram,
  { end, printed }: ProgramFailure,
  redact: Redact,
): string {
  if (end.isMaxBuffer) return `${tool}: its output is over ${maxOutput} bytes`;
  if (end.code === 'ENOENT')
    return `${tool}: nothing to run at ${file}: \`gantry tools\` shows what is missing`;
  if (end.code === 'EACCES') return `${tool}: ${file} may not be run: check its permissions`;
  const how = end.exitCode === undefined ? endOf(end) : `exit code ${end.exitCode}`;
  const said = lastLines(redact(printed));
  return said ? `${tool} ended with ${how}: ${said}` : `${tool} ended with ${how} and said nothing`;
}

function endOf({ signal, message }: ProgramEnd): string {
  if (signal === 'SIGKILL') return 'SIGKILL (out of memory?)';
  return signal ?? message;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-20).join('\n').slice(-4096);
}
