import { checkSize, createOutputs, storeOutput } from '../core/promotion/outputs.ts';
import { limits } from '../core/promotion/limits.ts';
import { notePullRequests } from '../core/promotion/pull-requests.ts';
import type { Run } from '../core/promotion/scope.ts';
import { isDeeperThan, sizeOfText } from '../core/promotion/size.ts';
import type { JsonObject } from '../core/json.ts';
import type { Journal, StepRecord } from '../core/promotion/status.ts';
import type { StepFailure, StepResult } from '../core/promotion/step-run.ts';
import { explainStop } from '../core/promotion/stop.ts';
import type { Effects, End } from './effects.ts';
import { markCommits } from './mark-commits.ts';

/** How a step ended once lost files have been dealt with. */
export type StepEnd = Exclude<End<StepResult>, { kind: 'lost' }>;

/** Writes the end of a step into the status: its record, its outputs, health checks and commits. */
export function settleStep(run: Run, index: number, end: StepEnd, effects: Effects): void {
  const record = run.status.stepExecutionMetadata[index]!;
  if (end.kind === 'done') settleResult(run, index, record, end.value, effects);
  else if (end.kind === 'failed') settleFailure(run, index, record, end.failure);
  else settleStop(run, index, record, effects);
  // Kargo leaves the end open when the step never got a config.
  if (end.kind !== 'failed' || !end.failure.unevaluated) record.finishedAt = effects.now();
}

function settleResult(
  run: Run,
  index: number,
  record: StepRecord,
  result: StepResult,
  effects: Effects,
): void {
  record.status = result.status;
  if (result.message) record.message = result.message;
  keepJournal(record, result.journal);
  keepLog(run, record, result.log);
  run.status.commits.push(...(result.commits ?? []));
  notePullRequests(run.status, result.pullRequests);
  markCommits(run, result, effects);
  if (!keepOutput(run, index, record, result.output)) return;
  if (result.status === 'Succeeded' && result.healthCheck) run.status.healthChecks.push(result.healthCheck);
}

function settleFailure(run: Run, index: number, record: StepRecord, failure: StepFailure): void {
  record.status = failure.status;
  record.message = failure.message;
  keepJournal(record, failure.journal);
  keepLog(run, record, failure.log);
  // What an earlier attempt put out stays; a step that never ran leaves nothing.
  if (!failure.unevaluated || failure.output) keepOutput(run, index, record, failure.output);
}

function settleStop(run: Run, index: number, record: StepRecord, effects: Effects): void {
  const stop = effects.findStop();
  record.status = stop?.kind === 'timeout' ? 'Errored' : 'Aborted';
  if (stop) record.message = explainStop(stop);
  keepOutput(run, index, record, undefined);
}

function keepJournal(record: StepRecord, journal: Journal | undefined): void {
  if (!journal) return;
  record.errorCount = journal.errors;
  if (journal.recent.length > 0) record.journal = journal;
}

/** What older steps printed goes first. */
function keepLog({ status }: Run, record: StepRecord, log: string | undefined): void {
  if (!log) return;
  record.log = log;
  let room = limits.logs;
  for (const one of status.stepExecutionMetadata.toReversed()) {
    room -= sizeOfText(one.log ?? '');
    if (room < 0) delete one.log;
  }
}

/** Keeps an output unless the promotion could not carry it any further: then the step is Errored and says why. */
function keepOutput(run: Run, index: number, record: StepRecord, output: JsonObject | undefined): boolean {
  const step = run.plan.steps[index]!;
  const problem = checkOutput(run, index, output);
  storeOutput(run.status.state, step, problem === undefined ? output : undefined);
  if (problem === undefined) return true;
  record.status = 'Errored';
  record.message = problem;
  return false;
}

function checkOutput(
  { plan, status }: Run,
  index: number,
  output: JsonObject | undefined,
): string | undefined {
  if (isDeeperThan(output, limits.depth)) {
    return `its output is nested more than ${limits.depth} levels deep`;
  }
  const outputs = Object.assign(createOutputs(), status.state);
  storeOutput(outputs, plan.steps[index]!, output);
  return checkSize(outputs);
}
