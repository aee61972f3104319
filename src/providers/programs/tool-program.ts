import { execa, type Result } from 'execa';
import { graceMs, groupIsGone, signalGroup } from '../process-group.ts';
import { ProgramFailure, type ProgramCall, type ToolProgram } from './program.ts';

/** Standard output of a tool, to the letter. Rejects after an abort when its whole process group is gone. */
export async function runToolProgram(
  { file, args, cwd, env, input, maxOutput }: ToolProgram,
  { signal }: ProgramCall,
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
    if (result.failed) throw toFailure(result);
    return result.stdout;
  } finally {
    clearTimeout(hard);
    signal.removeEventListener('abort', stop);
  }
}

type Ended = Pick<Result, 'code' | 'exitCode' | 'isMaxBuffer' | 'signal' | 'stderr' | 'shortMessage'>;

function toFailure({ exitCode, signal, code, isMaxBuffer, shortMessage, stderr }: Ended): ProgramFailure {
  return new ProgramFailure(
    { exitCode, signal, code, isMaxBuffer, message: String(shortMessage) },
    String(stderr ?? ''),
  );
}
