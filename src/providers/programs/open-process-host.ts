import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endMarkedProcesses, taskVariable } from '../git/marked-processes.ts';
import type { HostAnswer, HostEnd, HostRequest } from './host-messages.ts';
import { ProgramFailure, type Program, type ProgramCall, type RunProgram } from './program.ts';

/** A small process that starts programs for this one, where each start would copy the page tables of all we hold. */
export interface ProcessHost {
  /** Starts the host where none runs. Should it die, what it runs is ended and fails, and the next run starts another. */
  readonly run: RunProgram;
  /** Starts the host ahead of the first run. */
  warm(): void;
  /** Ends the host and everything it runs. It ends by itself, too, when this process does, however that ends. */
  close(): Promise<void>;
}

/** A host that is started when it is first needed. Must be closed. */
export function openProcessHost(): ProcessHost {
  let current: HostProcess | undefined;
  let isClosed = false;
  const alive = () => {
    if (isClosed) throw new Error('programs are no longer started: the worker is closing');
    return (current = current?.isAlive ? current : startHost());
  };
  return {
    run: async (program, call) => alive().run(program, call),
    warm: () => void alive(),
    async close() {
      isClosed = true;
      await current?.close();
    },
  };
}

interface HostProcess {
  readonly isAlive: boolean;
  readonly run: RunProgram;
  close(): Promise<void>;
}

/** A run under way. */
interface Run {
  readonly program: Program;
  readonly parts: string[];
  readonly onProgress: ProgramCall['onProgress'];
  readonly resolve: (output: string) => void;
  readonly reject: (error: Error) => void;
}

function startHost(): HostProcess {
  const child = forkHost();
  const runs = new Map<number, Run>();
  let lastId = 0;
  let isAlive = true;
  const gone = new Promise<void>((resolve) => {
    const giveUp = (end: string) => {
      isAlive = false;
      for (const run of runs.values()) void abandon(run, end);
      runs.clear();
      resolve();
    };
    child.once('error', (error) => giveUp(error.message));
    child.once('exit', (code, signal) => giveUp(signal ?? `exit code ${code}`));
  });
  child.on('message', (answer: HostAnswer) => take(runs, answer));
  const tell = (request: HostRequest) => void child.send(request, () => {});
  return {
    get isAlive() {
      return isAlive && child.connected;
    },
    async run(program, { signal, onProgress }) {
      signal.throwIfAborted();
      const id = (lastId += 1);
      const stop = () => tell({ id, abort: true });
      signal.addEventListener('abort', stop, { once: true });
      try {
        return await new Promise<string>((resolve, reject) => {
          runs.set(id, { program, parts: [], onProgress, resolve, reject });
          tell({ id, program, tellsProgress: onProgress !== undefined });
        });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    async close() {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

function take(runs: Map<number, Run>, answer: HostAnswer): void {
  const run = runs.get(answer.id);
  if (!run) return;
  if ('part' in answer) run.parts.push(answer.part);
  else if ('progress' in answer) run.onProgress?.(answer.progress);
  else {
    runs.delete(answer.id);
    settle(run, answer);
  }
}

function settle({ parts, resolve, reject }: Run, end: HostEnd): void {
  const printed = parts.join('');
  if ('done' in end) resolve(printed);
  else reject('failed' in end ? new ProgramFailure(end.failed, printed) : new Error(end.problem));
}

/** What the host had started lives on, and must not work on files beside the next attempt. */
async function abandon({ program, reject }: Run, end: string): Promise<void> {
  const task = program.env[taskVariable];
  if (task !== undefined) await endMarkedProcesses(task);
  reject(new Error(`${nameOf(program)} was cut off: the process that starts programs ended with ${end}`));
}

function nameOf(program: Program): string {
  return program.kind === 'git' ? `git ${program.args[0]}` : program.tool;
}

/** A group of its own: a Ctrl-C in the terminal is for us to act on. */
function forkHost(): ChildProcess {
  const { url } = import.meta;
  const module = fileURLToPath(new URL(`./process-host${extname(fileURLToPath(url))}`, url));
  // Sources are TypeScript; and what this process was started with, a debugger's port say, is not for the host.
  const loader = url.endsWith('.ts') ? ['--import', createRequire(url).resolve('tsx')] : [];
  return fork(module, [], {
    cwd: '/',
    env: {},
    execArgv: [...loader, ...staysSmall],
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** Its size is what each start costs. */
const staysSmall = ['--max-semi-space-size=1'];
