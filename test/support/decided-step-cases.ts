import { readFileSync } from 'node:fs';
import type { StepDefinition } from '../../src/activities/define-step.ts';
import { applyDecision, type DecidedDifference, openStepCases, type StepCase } from './step-case.ts';

/** Runs recorded cases of steps, held against what was recorded or decided instead; must be closed. */
export interface DecidedStepCases {
  /** The decision about a case, if there is one. */
  decisionOf(id: string): DecidedDifference | undefined;
  readonly decisions: readonly DecidedDifference[];
  /** Where the result is not the expected one; also where a decided difference is none any more. */
  check(stepCase: StepCase): Promise<readonly string[]>;
  /** The same without any decision. */
  checkRecorded(stepCase: StepCase): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function openDecidedStepCases(steps: readonly StepDefinition[]): DecidedStepCases {
  const decisions = JSON.parse(read('decided-step-differences.json')) as readonly DecidedDifference[];
  const byId = new Map(decisions.map((decision) => [decision.id, decision]));
  const runner = openStepCases(steps);
  return {
    decisions,
    decisionOf: (id) => byId.get(id),
    async check(stepCase) {
      const decision = byId.get(stepCase.id);
      const differences = await runner.run(decision ? applyDecision(stepCase, decision) : stepCase);
      const { places = [] } = decision ?? {};
      const gone = places.filter((place) => !differences.some((text) => isAt(place, text)));
      return [
        ...differences.filter((text) => !places.some((place) => isAt(place, text))),
        ...gone.map((place) => `${place}: does not differ any more`),
      ];
    },
    checkRecorded: (stepCase) => runner.run(stepCase),
    close: () => runner.close(),
  };
}

/** Says whether a record is a case of a step. */
export function isStepCase(record: unknown): record is StepCase {
  return typeof record === 'object' && record !== null && 'step' in record && 'expect' in record;
}

/** The cases of a file beside the tests. */
export function readStepCases(file: string): readonly StepCase[] {
  const lines = read(file).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as StepCase);
}

function isAt(place: string, difference: string): boolean {
  return difference.startsWith(`${place}:`) || difference.startsWith(`${place}.`);
}

function read(file: string): string {
  return readFileSync(new URL(`../cases/${file}`, import.meta.url), 'utf8');
}
