import { finalOutcome } from '../core/promotion/outcome.ts';
import { checkStepRun, stepRunOf, type Run } from '../core/promotion/scope.ts';
import { sizeOfJson } from '../core/promotion/size.ts';
import type { StepResult } from '../core/promotion/step-run.ts';
import { decideStep } from './decide-step.ts';
import { errored, type Effects, type End } from './effects.ts';
import { createFiles, type Files } from './files.ts';
import { holdStep, isToHold, pauseWhileAsked } from './hold-step.ts';
import { markEnd } from './mark-commits.ts';
import { settleStep, type StepEnd } from './settle-step.ts';
import { closeWorkspace, loseWorkspace, openWorkspace } from './workspace.ts';

/**
 * Runs a plan from its turn, or from where an earlier history left it, to its final phase, and keeps the status up to
 * date on the way. A step that fails does not end the loop: the later ones are visited and decide for themselves. Never
 * throws for anything a user can cause.
 */
export async function runSteps(run: Run, effects: Effects, files: Files = createFiles()): Promise<void> {
  if (run.status.phase === 'Running' || (await takeTurn(run, effects))) {
    const begun = run.status.stepExecutionMetadata.length;
    if (begun > 0) await holdWhileFailed(run, begun - 1, files, effects);
    for (let index = begun; index < run.plan.steps.length; index++) {
      if (run.status.paused) await pauseWhileAsked(run, index, files, effects);
      if (effects.isLong()) await effects.checkpoint();
      openRecord(run, index);
      await runVisited(run, index, files, effects);
      if (isToHold(run, index, files, effects)) await holdWhileFailed(run, index, files, effects);
    }
    await closeWorkspace(run, run.plan.steps.length, files, effects);
  }
  finish(run, effects);
  markEnd(run, effects);
  await effects.marked();
}

async function takeTurn({ status }: Run, effects: Effects): Promise<boolean> {
  status.waitingFor = { kind: 'turn', since: effects.now() };
  const end = await effects.acquireTurn();
  delete status.waitingFor;
  if (end.kind !== 'done' || effects.findStop()) return false;
  status.phase = 'Running';
  status.startedAt = effects.now();
  effects.changed();
  return true;
}

function openRecord({ plan, status }: Run, index: number): void {
  const { alias, continueOnError } = plan.steps[index]!;
  status.currentStep = index;
  status.stepExecutionMetadata.push({ alias, continueOnError, errorCount: 0 });
}

/** As often as people have it run again. */
async function holdWhileFailed(run: Run, index: number, files: Files, effects: Effects): Promise<void> {
  while (isToHold(run, index, files, effects)) {
    await holdStep(run, index, files, effects);
    if (!run.status.stepExecutionMetadata[index]!.status) await runVisited(run, index, files, effects);
  }
}

async function runVisited(run: Run, index: number, files: Files, effects: Effects): Promise<void> {
  const record = run.status.stepExecutionMetadata[index]!;
  // A condition is decided before the first attempt only.
  const decision = record.startedAt ? undefined : decideStep(run, index, effects);
  const notRun = decision instanceof Promise ? await decision : decision;
  // What follows at once, the next step or the end, shows how this one ended.
  if (notRun) return void Object.assign(record, notRun);
  record.status = 'Running';
  record.startedAt ??= effects.now();
  effects.changed();
  const end = await execute(run, index, files, effects);
  settleStep(run, index, end, effects);
  const isUnclear = end.kind === 'failed' && end.failure.unclear === true;
  if (isUnclear && run.plan.steps[index]!.changesFiles) files.asksFor = index;
}

async function execute(run: Run, index: number, files: Files, effects: Effects): Promise<StepEnd> {
  const { place, alias } = run.plan.steps[index]!;
  const needsFiles = place === 'workspace';
  const wasStopped = effects.findStop() !== undefined;
  if (place === 'io') {
    // A wait may take weeks; it must not keep a disk from others.
    await closeWorkspace(run, index + 1, files, effects);
    run.status.waitingFor = { kind: 'step', step: alias, since: effects.now() };
    effects.changed();
  }
  for (;;) {
    const opened = needsFiles && !files.claim ? await openWorkspace(run, index, files, effects) : undefined;
    const isOpen = opened === undefined || opened.kind === 'done';
    const end = isOpen ? await attempt(run, index, files, effects, wasStopped) : opened;
    delete run.status.waitingFor;
    if (end.kind !== 'lost') return keepFiles(files, index, end);
    if (!wasStopped && effects.findStop()) return { kind: 'stopped' };
    const tooOften = loseWorkspace(files, end);
    if (tooOften) return tooOften;
  }
}

/** What the end of a step says about the files. */
function keepFiles(files: Files, index: number, end: StepEnd): StepEnd {
  files.losses = 0;
  if (end.kind !== 'done') return end;
  const { trace, leaving } = end.value;
  if (trace !== undefined) files.traces = { ...files.traces, [index]: trace };
  if (leaving) {
    delete files.claim;
    files.isHandedOver = true;
  }
  return end;
}

/** Once the step has the files it needs. */
function attempt(
  run: Run,
  index: number,
  files: Files,
  effects: Effects,
  wasStopped: boolean,
): End<StepResult> | Promise<End<StepResult>> {
  // Stopped on the way here: what begins after a stop is not cancelled any more.
  if (!wasStopped && effects.findStop()) return { kind: 'stopped' };
  const step = run.plan.steps[index]!;
  const stepRun = stepRunOf(run, index, step.place === 'workspace' ? files.claim : undefined);
  const problem = checkStepRun(stepRun, sizeOfJson(stepRun));
  return problem === undefined ? effects.runStep(step, stepRun) : errored(problem);
}

function finish({ status }: Run, effects: Effects): void {
  delete status.paused;
  Object.assign(status, finalOutcome(status.stepExecutionMetadata, effects.findStop()));
  status.finishedAt = effects.now();
  effects.changed();
}
