import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../core/errors.ts';
import { doTextWork } from './text-work.ts';
import type { ThreadAnswer, ThreadTask } from './work-aside.ts';

// Runs as a thread: takes its task, answers once, hands nothing over.
const { work, args } = workerData as ThreadTask;
parentPort?.postMessage(await answer(), []);

async function answer(): Promise<ThreadAnswer> {
  try {
    return { result: await doTextWork(work, args) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
