import type { Control, RetryCall, SkipCall } from './control.ts';
import { checkCorrection } from './correct-step.ts';
import { checkSize, createOutputs, storeOutput } from './outputs.ts';
import { parseControl } from './parse-control.ts';
import type { Plan } from './plan.ts';
import type { Run } from './scope.ts';
import { refusalOf, type Situation } from './situation.ts';

/** A promotion as updates are checked against. */
export interface ControlSituation extends Situation {
  readonly status: Run['status'];
  /** Absent until there is one. */
  readonly plan?: Plan | undefined;
}

/**
 * Why an update is refused, in one text: everything wrong with its argument, or what the promotion does and what is
 * possible now. Undefined when it is to be taken. Never throws.
 */
export function checkControl(kind: Control, value: unknown, situation: ControlSituation): string | undefined {
  const { call, problems } = parseControl(kind, value);
  if (!call) return tell(kind, problems);
  const refusal = refusalOf(kind, situation);
  if (refusal !== undefined) return refusal;
  if (kind === 'retry') return tell(kind, checkHeld(call, situation, checkRetry));
  return kind === 'skip' ? tell(kind, checkHeld(call, situation, checkSkip)) : undefined;
}

function tell(kind: Control, problems: readonly string[]): string | undefined {
  if (problems.length === 0) return undefined;
  return problems.length === 1
    ? `${kind}: ${problems[0]}`
    : `${kind}: ${problems.length} problems:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`;
}

type Check<Call> = (call: Call, index: number, situation: ControlSituation) => readonly string[];

function checkHeld<Call extends { readonly step?: string }>(
  call: Call,
  situation: ControlSituation,
  check: Check<Call>,
): readonly string[] {
  const index = situation.status.stepExecutionMetadata.length - 1;
  const held = situation.status.stepExecutionMetadata[index]?.alias;
  if (call.step !== undefined && call.step !== held) {
    return [`the promotion is held at step ${JSON.stringify(held)}, not at ${JSON.stringify(call.step)}`];
  }
  return check(call, index, situation);
}

function checkRetry(call: RetryCall, index: number, { plan }: ControlSituation): readonly string[] {
  return plan ? checkCorrection(plan, index, call) : [];
}

function checkSkip(
  { outputs }: SkipCall,
  index: number,
  { plan, status }: ControlSituation,
): readonly string[] {
  const step = plan?.steps[index];
  if (!step || !outputs) return [];
  const all = Object.assign(createOutputs(), status.state);
  storeOutput(all, step, outputs);
  const problem = checkSize(all);
  return problem === undefined ? [] : [problem];
}
