import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { endMarkedProcesses } from '../git/marked-processes.ts';
import { graceMs, groupIsGone, signalGroup } from '../process-group.ts';
import type { ScriptEnd } from './script.ts';

export interface BashOptions {
  /** Absolute path. */
  readonly bash: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The mark in it, by which processes are found that left the group. */
  readonly task: string;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly onOutput: (text: string) => void;
  /** Takes secrets out of what it printed before that is cut. */
  readonly redact: (text: string) => string;
}

/**
 * Runs bash in a process group of its own that ends as a whole: TERM, then KILL. When this resolves or rejects nothing
 * it began is left. Rejects with the signal's own reason after an abort, and when bash cannot be started.
 */
export async function runBash(options: BashOptions): Promise<Omit<ScriptEnd, 'outputs'>> {
  const { bash, args, cwd, env, signal, timeout } = options;
  const child = execa(bash, args, {
    cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    detached: true,
    reject: false,
    buffer: false,
  });
  const said = listen(child, options);
  const ending = openEnding(child.pid, signal, timeout);
  const swept = sweepAfter(child, options.task);
  try {
    const { exitCode, signal: endedBy, code, shortMessage } = await child;
    if (signal.aborted || ending.timedOut) await groupIsGone(child.pid);
    await swept();
    signal.throwIfAborted();
    if (code !== undefined && exitCode === undefined && endedBy === undefined) throw new Error(shortMessage);
    return {
      ...(exitCode !== undefined && { exitCode }),
      ...(endedBy !== undefined && { signal: endedBy }),
      timedOut: ending.timedOut,
      said: said(),
    };
  } finally {
    ending.close();
  }
}

/** Ends what bash leaves running, also outside of the group: it would hold our pipes open. Resolves when that is done. */
function sweepAfter(child: ChildProcess, task: string): () => Promise<void> {
  let swept: Promise<void> | undefined;
  child.once('exit', () => {
    swept = sweep(child.pid, task);
  });
  return async () => swept;
}

async function sweep(pid: number | undefined, task: string): Promise<void> {
  await wait(50);
  signalGroup(pid, 'SIGKILL');
  await endMarkedProcesses(task);
}

interface Ending {
  readonly timedOut: boolean;
  close(): void;
}

/** Ends the group at an abort, or when its time is over. */
function openEnding(pid: number | undefined, signal: AbortSignal, timeout: number | undefined): Ending {
  let hard: NodeJS.Timeout | undefined;
  let timedOut = false;
  const stop = () => {
    signalGroup(pid, 'SIGTERM');
    hard ??= setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
  };
  const onTime = () => {
    timedOut = true;
    stop();
  };
  const soft = timeout === undefined ? undefined : setTimeout(onTime, Math.min(timeout, longestTimer));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return {
    get timedOut() {
      return timedOut;
    },
    close() {
      clearTimeout(soft);
      clearTimeout(hard);
      signal.removeEventListener('abort', stop);
    },
  };
}

/** Passes on what is printed, and remembers the end of it. */
function listen(
  { stdout, stderr }: { readonly stdout: NodeJS.ReadableStream; readonly stderr: NodeJS.ReadableStream },
  { onOutput, redact }: BashOptions,
): () => string {
  const ends = { stdout: '', stderr: '' };
  for (const [name, stream] of Object.entries({ stdout, stderr }) as [
    'stdout' | 'stderr',
    NodeJS.ReadableStream,
  ][]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      onOutput(text);
      ends[name] = (ends[name] + text).slice(-mostKept);
    });
  }
  return () => {
    const end = redact(ends.stderr).trim() || redact(ends.stdout).trim();
    return end.slice(-maximumEnd).split('\n').slice(-20).join('\n');
  };
}

const maximumEnd = 4096;
const mostKept = 64 * 1024;
const longestTimer = 2 ** 31 - 1;
