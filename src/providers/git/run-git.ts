import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { GitError as PlainGitError, GitPluginError, simpleGit } from 'simple-git';
import type { GitOptions } from './git.ts';
import { endMarkedProcesses, taskVariable } from './marked-processes.ts';
import { gitProtocols } from './remote-url.ts';

export interface GitCall {
  /** Default: the private folder. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: readonly string[];
  /** Standard input. */
  readonly input?: string;
  /** Texts that must not appear in an error. */
  readonly secrets?: readonly string[];
}

/** Git ended with an error. The message is what it printed, tidied. */
export class GitError extends Error {
  override readonly name = 'GitError';
}

/** Says whether git itself ended with an error, also where that was explained since. */
export function isGitError(error: unknown): boolean {
  return error instanceof GitError || (error instanceof Error && error.cause instanceof GitError);
}

/**
 * Standard output of one git command, run over the real binary with an environment built from nothing and with hooks,
 * monitors and foreign transports off. User text belongs behind `--end-of-options` or `--`. After an abort it rejects
 * with the signal's own reason, when git and everything it started are gone.
 */
export async function runGit(
  options: GitOptions,
  args: readonly string[],
  call: GitCall = {},
): Promise<string> {
  options.signal.throwIfAborted();
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  const env = { ...gitEnvironment(options), ...call.env };
  // simple-git wraps what it is given once more, and a wrapped error has lost its class.
  let failure: GitError | undefined;
  const git = simpleGit({
    baseDir: call.cwd ?? options.home,
    binary: options.binary,
    abort: options.signal,
    allowEnvironment: Object.keys(env),
    config: [...guards, ...protocolGuards(options), ...(options.config ?? []), ...(call.config ?? [])],
    unsafe: openedByUs,
    // Its default takes 50 ms after the exit for the end: on a busy machine that cuts output off.
    completion: { onClose: true, onExit: 5000 },
    errors: (error, { exitCode, stdErr, stdOut }) => {
      if (exitCode === 0 || isFromOutside(error)) return error;
      const printed = Buffer.concat([...stdErr, Buffer.from('\n'), ...stdOut]).toString();
      // What the system says about a binary it cannot start arrives as if git had printed it.
      const [, start] = /^Error: (spawn .+)$/m.exec(printed) ?? [];
      const clean = options.redact?.(printed) ?? printed;
      const text = start ? `git cannot be run: ${start}` : tidy(hide(clean, call.secrets));
      failure = new GitError(explainFullDisk(text) ?? (text || explainSilence(args, exitCode)));
      return failure;
    },
    ...(call.input !== undefined && { input: () => call.input }),
  }).env(env);
  git.outputHandler((_command, stdout, stderr) => {
    // It waits 50 ms more for a command that printed nothing.
    setImmediate(() => stdout.emit('data', Buffer.alloc(0)));
    if (options.onProgress) report(stderr, options.onProgress);
  });
  try {
    return await git.raw([...args]);
  } catch (error) {
    if (!options.signal.aborted) throw failure ?? error;
    await endMarkedProcesses(options.task);
    throw options.signal.reason;
  }
}

/** Hooks, monitors, background work and the machine's own settings stay out of every call. */
const guards: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.excludesFile=/dev/null',
  'core.attributesFile=/dev/null',
  'core.quotePath=false',
  'credential.helper=',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.detachedHead=false',
  'advice.updateSparsePath=false',
  'commit.gpgSign=false',
  'submodule.recurse=false',
  'protocol.allow=never',
];

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

/** The whole environment of git and of what it starts, but for what one call adds. */
export function gitEnvironment({ binary, home, task, environment }: GitOptions): Record<string, string> {
  return {
    PATH: [dirname(binary), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    ...environment,
    HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TEMPLATE_DIR: '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_HTTP_LOW_SPEED_LIMIT: '1024',
    GIT_HTTP_LOW_SPEED_TIME: '30',
    [taskVariable]: task,
  };
}

function protocolGuards({ protocols = gitProtocols }: GitOptions): readonly string[] {
  return protocols.map((protocol) => `protocol.${protocol}.allow=${protocol === 'file' ? 'user' : 'always'}`);
}

/** Git's words without progress, advice and what only repeats the command. */
function tidy(printed: string): string {
  const lines = printed.split('\n').map((line) => line.replace(/\r$/, '').replace(/^.*\r/, '').trimEnd());
  const kept = lines.filter(
    (line) => line && !/^(hint:|Cloning into |Preparing worktree|To |From |Done$)/.test(line),
  );
  const text = kept.join('\n');
  return text.length > maximumText ? `${text.slice(0, maximumText)}\n…` : text;
}

const maximumText = 4000;

function hide(text: string, secrets: readonly string[] = []): string {
  return secrets.filter(Boolean).reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
}

/** Ours, not that of the remote. */
function explainFullDisk(text: string): string | undefined {
  const isFull = (line: string) => /No space left on device|Disk quota exceeded/.test(line);
  const isTheirs = (line: string) => /^remote:|\[remote rejected\]/.test(line);
  if (!text.split('\n').some((line) => isFull(line) && !isTheirs(line))) return undefined;
  return `the disk of this worker is full; free some space there, then try again\n${text}`;
}

function explainSilence(args: readonly string[], exitCode: number | null): string {
  return `git ${args[0]} ended with ${exitCode === null ? 'a signal' : `exit code ${exitCode}`}`;
}

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
