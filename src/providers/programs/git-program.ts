import { StringDecoder } from 'node:string_decoder';
import { GitError as PlainGitError, GitPluginError, simpleGit } from 'simple-git';
import { endMarkedProcesses, taskVariable } from '../git/marked-processes.ts';
import { ProgramFailure, type GitProgram, type ProgramCall } from './program.ts';

/** Standard output of git. Rejects after an abort when all that carries its mark is gone. */
export async function runGitProgram(
  program: GitProgram,
  { signal, onProgress }: ProgramCall,
): Promise<string> {
  const { args, env, input } = program;
  // simple-git wraps what it is given once more, and a wrapped error has lost its class.
  let failure: ProgramFailure | undefined;
  const git = simpleGit({
    baseDir: program.cwd,
    binary: program.binary,
    abort: signal,
    allowEnvironment: Object.keys(env),
    config: [...program.config],
    unsafe: openedByUs,
    // Its default takes 50 ms after the exit for the end: on a busy machine that cuts output off.
    completion: { onClose: true, onExit: 5000 },
    errors: (error, { exitCode, stdErr, stdOut }) => {
      if (exitCode === 0 || isFromOutside(error)) return error;
      const printed = Buffer.concat([...stdErr, Buffer.from('\n'), ...stdOut]).toString();
      const message = `git ended with ${exitCode}`;
      failure = new ProgramFailure({ message, exitCode: exitCode ?? undefined }, printed);
      return failure;
    },
    ...(input !== undefined && { input: () => input }),
  }).env(env);
  git.outputHandler((_command, stdout, stderr) => {
    // It waits 50 ms more for a command that printed nothing.
    setImmediate(() => stdout.emit('data', Buffer.alloc(0)));
    if (onProgress) report(stderr, onProgress);
  });
  try {
    return await git.raw([...args]);
  } catch (error) {
    if (!signal.aborted) throw failure ?? error;
    const task = env[taskVariable];
    if (task !== undefined) await endMarkedProcesses(task);
    throw signal.reason;
  }
}

/** What the guard of simple-git refuses unless told that we set it ourselves; user text never gets there. */
const openedByUs = {
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeAskPass: true,
  allowUnsafeSshCommand: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeUrlRewrite: true,
  allowUnsafeCustomBinary: true,
};

/** Not git's own words: an abort, a refusal of the guard, a binary that cannot be started. */
function isFromOutside(error: unknown): error is Error {
  return error instanceof GitPluginError || (error instanceof Error && !(error instanceof PlainGitError));
}

function report(stderr: NodeJS.ReadableStream, onProgress: (text: string) => void): void {
  const decoder = new StringDecoder();
  let rest = '';
  stderr.on('data', (chunk: Buffer) => {
    // A line that is not whole yet may end in half a secret.
    const lines = (rest + decoder.write(chunk)).split(/[\r\n]+/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (/\d+%|: done/.test(line)) onProgress(line.trim());
  });
}
