import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  workflowInfo,
} from '@temporalio/workflow';
import { isObject } from '../core/json.ts';
import { limits } from '../core/promotion/limits.ts';
import { createOutputs } from '../core/promotion/outputs.ts';
import type { Run } from '../core/promotion/scope.ts';
import { sizeOfJson } from '../core/promotion/size.ts';
import { isEncrypted, isUndecodable } from '../core/undecodable.ts';
import type { Stop } from '../core/promotion/stop.ts';
import type { Files } from './files.ts';
import { refuseUndecodable } from './refuse-undecodable.ts';
import type { TimeLimit } from './time-limit.ts';

/** What a promotion takes along into a new history: all it knows between two steps. */
export interface Continued {
  readonly run: Run;
  readonly files: Files;
  readonly stop?: Stop;
  readonly limit?: TimeLimit;
}

/**
 * What the run before this one left for it; undefined in a first run. Users can send any object, but none that names the
 * run it comes from: the server makes that id up later. Throws, and so leaves it to another worker, when it is encrypted
 * with a key that is not here.
 */
export function findContinued(args: readonly unknown[]): Continued | undefined {
  const { continuedFromExecutionRunId: from } = workflowInfo();
  const [input] = args;
  if (from !== undefined && isUndecodable(input) && isEncrypted(input)) refuseUndecodable(input);
  if (from === undefined || !isObject(input) || input[originKey] !== from) return undefined;
  const { run, ...rest } = input as unknown as Continued;
  // A plain object would take an alias such as "__proto__" for something else.
  const state = Object.assign(createOutputs(), run.status.state);
  return { ...rest, run: { ...run, status: Object.assign(run.status, { state }) } };
}

/** Whether the server suggests a new history for this run. */
export function isLong(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

/**
 * Goes on in a new history when this one has become long, and then does not return. Every update has had its answer by
 * then; what cannot be carried goes on here.
 */
export async function continueWhenLong(collect: () => Continued): Promise<void> {
  if (!isLong()) return;
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  const input = { [originKey]: workflowInfo().runId, ...collect() };
  if (sizeOfJson(input) <= limits.continued) await continueAsNew(input);
}

const originKey = 'continuedFrom';
