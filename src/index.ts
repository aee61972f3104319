/** What programs of others may rely on: own steps, and a worker that runs them. Everything else may change at any time. */
export {
  defineStep,
  type StepDefinition,
  type StepExample,
  type StepLog,
  type StepOutcome,
  type StepWorld,
  type Workspace,
} from './activities/define-step.ts';
export { NotYet, TerminalError } from './core/errors.ts';
export type { Freight, FreightSet } from './core/freight/freight.ts';
export type { Json, JsonObject } from './core/json.ts';
export {
  atMostOne,
  boolean,
  exactlyOne,
  free,
  integer,
  list,
  map,
  number,
  object,
  oneOf,
  optional,
  string,
} from './core/schema/describe.ts';
export type { Git } from './providers/git/git.ts';
export type { ToolRunner } from './providers/tool-runner.ts';
export type { RunningWorker } from './worker.ts';
export { createWorker, type WorkerOptions } from './worker/create-worker.ts';
