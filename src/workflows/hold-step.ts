import { correctPlan } from '../core/promotion/correct-step.ts';
import { reopenRecord, skipRecord } from '../core/promotion/decisions.ts';
import { storeOutput } from '../core/promotion/outputs.ts';
import type { Run } from '../core/promotion/scope.ts';
import type { Effects, HeldDecision } from './effects.ts';
import type { Files } from './files.ts';
import { closeWorkspace } from './workspace.ts';

/**
 * Says whether a step that has just ended keeps the promotion until people decide what becomes of it: because that was
 * asked for, or because only people can say whether a step may run once more.
 */
export function isToHold(run: Run, index: number, { asksFor }: Files, effects: Effects): boolean {
  const { plan, status, onFailure } = run;
  const { continueOnError, toleratedByTask } = plan.steps[index]!;
  const isAsked = onFailure === 'hold' && !continueOnError && !toleratedByTask;
  if (effects.findStop() || (!isAsked && asksFor === undefined)) return false;
  const end = status.stepExecutionMetadata[index]?.status;
  return end === 'Failed' || end === 'Errored';
}

/** Waits for a decision and writes it into the run. Afterwards the step is open again, skipped, or the promotion stops. */
export async function holdStep(run: Run, index: number, files: Files, effects: Effects): Promise<void> {
  const { alias } = run.plan.steps[index]!;
  await closeWorkspace(run, index, files, effects);
  await effects.checkpoint();
  run.status.waitingFor = {
    kind: 'decision',
    step: alias,
    since: effects.now(),
    options: ['retry', 'skip', 'abort'],
  };
  effects.changed();
  const decision = await effects.nextDecision();
  delete run.status.waitingFor;
  if (decision) answer(decision, files);
  if (decision) apply(decision, run, index, effects.now());
  effects.changed();
}

/** Waits as long as people want no further step to begin. */
export async function pauseWhileAsked(
  run: Run,
  index: number,
  files: Files,
  effects: Effects,
): Promise<void> {
  const { status } = run;
  while (status.paused && !effects.findStop()) {
    status.waitingFor = { kind: 'resume', ...status.paused };
    effects.changed();
    await closeWorkspace(run, index, files, effects);
    await effects.resumed();
    delete status.waitingFor;
    effects.changed();
  }
}

function answer({ kind }: HeldDecision, files: Files): void {
  const { asksFor, allowed = [] } = files;
  delete files.asksFor;
  if (asksFor !== undefined && kind === 'retry') files.allowed = [...allowed, asksFor];
}

function apply(decision: HeldDecision, run: Run, index: number, at: string): void {
  const { status } = run;
  const record = status.stepExecutionMetadata[index]!;
  if (decision.kind === 'retry') {
    run.plan = correctPlan(run.plan, index, decision.call);
    return reopenRecord(record, at);
  }
  skipRecord(record, at, decision.call);
  const { outputs } = decision.call;
  if (outputs) storeOutput(status.state, run.plan.steps[index]!, outputs);
}
