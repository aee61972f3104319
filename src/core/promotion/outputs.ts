import type { JsonObject } from '../json.ts';
import { limits } from './limits.ts';
import type { PlannedStep } from './plan.ts';
import { formatSize, sizeOfJson } from './size.ts';
import type { StepRun } from './step-run.ts';

/** Outputs by alias. Has no prototype, so that no alias means more than a key. */
export type Outputs = Record<string, JsonObject | null>;

/** An empty set of outputs. */
export function createOutputs(): Outputs {
  return Object.create(null) as Outputs;
}

/** Keeps what a step returned under its alias; a kind that propagates adds it to its task's own output too. */
export function storeOutput(outputs: Outputs, step: PlannedStep, output: JsonObject | undefined): void {
  outputs[step.alias] = output ?? null;
  const task = taskOf(step);
  if (step.propagates && task !== undefined && output) outputs[task] = { ...outputs[task], ...output };
}

/** What the first steps of a plan left behind, for running one of them again. */
export function outputsOf(steps: readonly PlannedStep[], all: Outputs): Outputs {
  const outputs = createOutputs();
  for (const step of steps) {
    const output = all[step.alias];
    if (output !== undefined) storeOutput(outputs, step, output ?? undefined);
  }
  return outputs;
}

/** Says what is wrong when all outputs together are too large for a promotion to carry on. */
export function checkSize(outputs: Outputs): string | undefined {
  const total = sizeOfJson(outputs);
  if (total <= limits.state) return undefined;
  const sizes = Object.entries(outputs).map(([alias, output]) => ({ alias, size: sizeOfJson(output) }));
  const largest = sizes.reduce((a, b) => (b.size > a.size ? b : a));
  return (
    `StateTooLarge: the outputs of all steps are ${formatSize(total)}, more than ${formatSize(limits.state)}; ` +
    `the largest is that of "${largest.alias}" with ${formatSize(largest.size)}. Write large values to a file instead`
  );
}

/** The values that the declaration of a step asks for, in the order of the steps that returned them. */
export function readsOf(keys: readonly string[], steps: readonly PlannedStep[], outputs: Outputs) {
  const reads: Record<string, StepRun['reads'][string]> = {};
  for (const key of keys) {
    reads[key] = steps.flatMap(({ alias }) => {
      const output = outputs[alias];
      return output && Object.hasOwn(output, key) ? [{ alias, value: output[key]! }] : [];
    });
  }
  return reads;
}

/**
 * The task that a step belongs to: the one it names, else that of its alias `task::step`. As in Kargo, more than one `::`
 * in an alias names none.
 */
export function taskOf({
  alias,
  task,
}: {
  readonly alias: string;
  readonly task?: string;
}): string | undefined {
  const parts = alias.split('::');
  return task ?? (parts.length === 2 ? parts[0] : undefined);
}
