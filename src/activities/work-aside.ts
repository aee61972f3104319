import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { doTextWork, type ArgumentsOf, type ResultOf, type TextWork } from './text-work.ts';

/**
 * Work on a text of any size: with a large one it is done in a thread of its own, so that heartbeats and other steps go on.
 * Rejects with an Error that has the message of the work's own, and with the signal's own reason after an abort.
 */
export async function workAside<W extends TextWork>(
  work: W,
  args: ArgumentsOf<W>,
  signal: AbortSignal,
): Promise<ResultOf<W>> {
  signal.throwIfAborted();
  if (lengthOf(args) < largeText) return doTextWork(work, args);
  return (await runThread({ work, args }, signal)) as ResultOf<W>;
}

/** What the thread is given. */
export interface ThreadTask {
  readonly work: TextWork;
  readonly args: ArgumentsOf<TextWork>;
}

/** What the thread answers. */
export type ThreadAnswer = { readonly result: unknown } | { readonly problem: string };

/** Characters; even text made to be slow takes less than half a second. */
const largeText = 32 * 1024;

const memoryMb = 2048;

/** Characters of all texts among the arguments, lists of texts included. */
function lengthOf(args: readonly unknown[]): number {
  return args.flat().reduce<number>((sum, arg) => sum + (typeof arg === 'string' ? arg.length : 0), 0);
}

async function runThread(task: ThreadTask, signal: AbortSignal): Promise<unknown> {
  const thread = openThread(task);
  const stop = () => void thread.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answer = await answerOf(thread);
    if ('problem' in answer) throw new Error(answer.problem);
    return answer.result;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.terminate();
  }
}

function openThread(task: ThreadTask): Worker {
  const options = { workerData: task, resourceLimits: { maxOldGenerationSizeMb: memoryMb } };
  const { url } = import.meta;
  const module = new URL(`./text-thread${extname(fileURLToPath(url))}`, url);
  if (!url.endsWith('.ts')) return new Worker(module, options);
  // Sources are TypeScript, which a thread does not learn from its parent.
  const [tsx, self] = [import.meta.resolve('tsx/esm/api'), module.href].map((text) => JSON.stringify(text));
  const start = `import(${tsx}).then(({ register }) => register()).then(() => import(${self}))`;
  return new Worker(start, { ...options, eval: true, execArgv: [] });
}

function answerOf(thread: Worker): Promise<ThreadAnswer> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', (error) => {
      const { code } = error as NodeJS.ErrnoException;
      reject(code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Error('the file is too large to work on') : error);
    });
    thread.once('exit', (code) => reject(new Error(`the thread that works on a text ended with ${code}`)));
  });
}
