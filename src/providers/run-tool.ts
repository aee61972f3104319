import { execa, type Result } from 'execa';
import { delimiter, dirname } from 'node:path';
import { graceMs, groupIsGone, signalGroup } from './process-group.ts';
import type { ToolRunner, ToolRunOptions } from './tool-runner.ts';

/** Finds the binary of a tool by name; rejects with words for the user when there is none. */
export type ResolveTool = (name: string) => Promise<{ readonly path: string }>;

/**
 * Runs resolved binaries, each in a process group of its own that ends as a whole: TERM, then KILL. `env` is the whole
 * environment of the children; a marker such as `GANTRY_TASK` in it lets a sweep find what even `kill -9` left behind.
 * `redact` takes secrets out of what they print before any of it is cut.
 */
export function createToolRunner(
  resolve: ResolveTool,
  env: Readonly<Record<string, string>>,
  redact: Redact = (text) => text,
): ToolRunner {
  return {
    async run(tool, args, options) {
      options.signal.throwIfAborted();
      const [main, ...others] = await Promise.all([tool, ...(options.alongside ?? [])].map(resolve));
      const PATH = [...others.map(({ path }) => dirname(path)), options.env?.['PATH'] ?? env['PATH']];
      return runGroup(tool, main!.path, args, {
        ...options,
        env: { ...env, ...options.env, PATH: PATH.filter(Boolean).join(delimiter) },
        redact,
      });
    },
  };
}

type Redact = (text: string) => string;

const defaultMaxOutput = 64 * 1024 * 1024;

async function runGroup(
  tool: string,
  file: string,
  args: readonly string[],
  { cwd, env = {}, input, signal, maxOutput = defaultMaxOutput, redact }: ToolRunOptions & { redact: Redact },
): Promise<string> {
  const child = execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    detached: true,
    reject: false,
    maxBuffer: maxOutput,
    stripFinalNewline: false,
  });
  let hard: NodeJS.Timeout | undefined;
  const stop = () => {
    signalGroup(child.pid, 'SIGTERM');
    hard ??= setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs);
  };
  // An orphan must not hold our pipes open.
  child.once('exit', () => setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 50));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    const result = await child;
    if (signal.aborted) await groupIsGone(child.pid);
    signal.throwIfAborted();
    if (result.failed)
      throw new Error(explainFailure(tool, file, result, maxOutput, redact), { cause: result.cause });
    return result.stdout;
  } finally {
    clearTimeout(hard);
    signal.removeEventListener('abort', stop);
  }
}

type Ended = Pick<Result, 'code' | 'exitCode' | 'isMaxBuffer' | 'signal' | 'stderr' | 'shortMessage'>;

function explainFailure(
  tool: string,
  file: string,
  result: Ended,
  maxOutput: number,
  redact: Redact,
): string {
  if (result.isMaxBuffer) return `${tool}: its output is over ${maxOutput} bytes`;
  if (result.code === 'ENOENT')
    return `${tool}: nothing to run at ${file}: \`gantry tools\` shows what is missing`;
  if (result.code === 'EACCES') return `${tool}: ${file} may not be run: check its permissions`;
  const end = result.exitCode === undefined ? endOf(result) : `exit code ${result.exitCode}`;
  const said = lastLines(redact(String(result.stderr ?? '')));
  return said ? `${tool} ended with ${end}: ${said}` : `${tool} ended with ${end} and said nothing`;
}

function endOf({ signal, shortMessage }: Ended): string {
  if (signal === 'SIGKILL') return 'SIGKILL (out of memory?)';
  return signal ?? String(shortMessage);
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-20).join('\n').slice(-4096);
}
