import type { Phase, StepRecord, StepStatus } from './status.ts';
import { explainStop, type Stop } from './stop.ts';

/** How a promotion ends. */
export interface Outcome {
  readonly phase: Phase;
  readonly message?: string;
}

/** How bad a status is for the whole promotion; later in the list is worse. */
const severity: readonly StepStatus[] = ['Succeeded', 'Skipped', 'Running', 'Aborted', 'Failed', 'Errored'];

/**
 * Final phase of a promotion, and the message of the first step that made it so. Steps with `continueOnError`
 * count for nothing; a stop decides alone.
 */
export function finalOutcome(records: readonly StepRecord[], stop?: Stop): Outcome {
  if (stop) return { phase: stop.kind === 'abort' ? 'Aborted' : 'Errored', message: explainStop(stop) };
  let worst: StepRecord | undefined;
  for (const record of records) {
    if (record.continueOnError) continue;
    if (rank(record) > (worst ? rank(worst) : 0)) worst = record;
  }
  const phase = phaseOf(worst?.status ?? 'Succeeded');
  return worst?.message ? { phase, message: worst.message } : { phase };
}

/** Says whether an earlier step failed in a way that makes later ones skip themselves. */
export function hasFailure(records: readonly StepRecord[]): boolean {
  return records.some(
    ({ status, continueOnError }) => !continueOnError && (status === 'Failed' || status === 'Errored'),
  );
}

function rank({ status }: StepRecord): number {
  // A step without a status never ran to an end; that is as bad as one still running.
  return severity.indexOf(status ?? 'Running');
}

function phaseOf(status: StepStatus): Phase {
  if (status === 'Skipped') return 'Succeeded';
  return status === 'Running' ? 'Errored' : status;
}
