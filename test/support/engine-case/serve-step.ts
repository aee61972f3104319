import { ApplicationFailure } from '@temporalio/common';
import type { StepDefinition } from '../../../src/activities/define-step.ts';
import { runStep, type Surroundings } from '../../../src/activities/run-step.ts';
import type { StepResult, StepRun } from '../../../src/core/promotion/step-run.ts';
import type { CaseClock } from './case-clock.ts';

/**
 * The server's part: what may be tried again is, at the next look, with the last heartbeat of the attempt before.
 * Undefined when the promotion was stopped meanwhile.
 */
export async function serveStep(
  definition: StepDefinition,
  run: StepRun,
  around: Surroundings,
  clock: CaseClock,
): Promise<StepResult | undefined> {
  let details: unknown;
  for (let number = 1; ; number++) {
    if (clock.stop && number > 1) return undefined;
    const attempt = {
      id: `${run.scope.alias}/${number}`,
      number,
      details,
      signal: new AbortController().signal,
      heartbeat: (latest: unknown) => (details = overTheWire(latest)),
    };
    const scheduled = run.deadline === undefined ? run : { ...run, deadline: clock.ours(run.deadline) };
    try {
      return overTheWire(await runStep(definition, overTheWire(scheduled), around, attempt));
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.nonRetryable) throw error;
      clock.lookAgain();
    }
  }
}

function overTheWire<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
}
