import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProgramFailure, type GitProgram, type ProgramEnd } from '../programs/program.ts';
import { runHere } from '../programs/run-here.ts';
import type { GitOptions } from './git.ts';
import { taskVariable } from './marked-processes.ts';
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
  /** Called when git has been told to start: what can be done meanwhile begins here, not before. */
  readonly onBegun?: () => void;
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
  const { runProgram = runHere, signal, onProgress } = options;
  const program: GitProgram = {
    kind: 'git',
    binary: options.binary,
    args,
    cwd: call.cwd ?? options.home,
    env: { ...gitEnvironment(options), ...call.env },
    config: [...guards, ...protocolGuards(options), ...(options.config ?? []), ...(call.config ?? [])],
    input: call.input,
  };
  try {
    const printed = runProgram(program, { signal, onProgress });
    call.onBegun?.();
    return await printed;
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    throw new GitError(explainFailure(error, args, options, call));
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

function explainFailure(
  { printed, end }: ProgramFailure,
  args: readonly string[],
  { redact }: GitOptions,
  { secrets }: GitCall,
): string {
  // What the system says about a binary it cannot start arrives as if git had printed it.
  const [, start] = /^Error: (spawn .+)$/m.exec(printed) ?? [];
  if (start) return `git cannot be run: ${start}`;
  const text = tidy(hide(redact?.(printed) ?? printed, secrets));
  return explainFullDisk(text) ?? (text || explainSilence(args, end));
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

function explainSilence(args: readonly string[], { exitCode }: ProgramEnd): string {
  return `git ${args[0]} ended with ${exitCode === undefined ? 'a signal' : `exit code ${exitCode}`}`;
}
