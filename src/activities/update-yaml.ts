import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { updateYaml, type YamlEdit } from '../core/edit/yaml-update.ts';

/**
 * `updateYaml` for texts of any size: a large one is taken apart in a thread of its own, so that heartbeats and other
 * steps go on. Rejects with the signal's own reason after an abort.
 */
export async function updateYamlAside(
  text: string,
  edits: readonly YamlEdit[],
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  return text.length < largeText ? updateYaml(text, edits) : runThread({ text, edits }, signal);
}

/** What the thread is given. */
export interface YamlTask {
  readonly text: string;
  readonly edits: readonly YamlEdit[];
}

/** What the thread answers. */
export type YamlAnswer = { readonly text: string } | { readonly problem: string };

/** Characters; even text made to be slow takes less than half a second. */
const largeText = 32 * 1024;

const memoryMb = 2048;

async function runThread(task: YamlTask, signal: AbortSignal): Promise<string> {
  const thread = openThread(task);
  const stop = () => void thread.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answer = await answerOf(thread);
    if ('problem' in answer) throw new Error(answer.problem);
    return answer.text;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.terminate();
  }
}

function openThread(task: YamlTask): Worker {
  const options = { workerData: task, resourceLimits: { maxOldGenerationSizeMb: memoryMb } };
  const { url } = import.meta;
  const module = new URL(`./yaml-thread${extname(fileURLToPath(url))}`, url);
  if (!url.endsWith('.ts')) return new Worker(module, options);
  // Sources are TypeScript, which a thread does not learn from its parent.
  const [tsx, self] = [import.meta.resolve('tsx/esm/api'), module.href].map((text) => JSON.stringify(text));
  const start = `import(${tsx}).then(({ register }) => register()).then(() => import(${self}))`;
  return new Worker(start, { ...options, eval: true, execArgv: [] });
}

function answerOf(thread: Worker): Promise<YamlAnswer> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', (error) => {
      const { code } = error as NodeJS.ErrnoException;
      reject(code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Error('the file is too large to edit') : error);
    });
    thread.once('exit', (code) => reject(new Error(`the thread that edits YAML ended with ${code}`)));
  });
}
