import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../core/errors.ts';
import { updateYaml } from '../core/edit/yaml-update.ts';
import type { YamlAnswer, YamlTask } from './update-yaml.ts';

// Runs as a thread: takes its task, answers once, hands nothing over.
const { text, edits } = workerData as YamlTask;
parentPort?.postMessage(answer(), []);

function answer(): YamlAnswer {
  try {
    return { text: updateYaml(text, edits) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
