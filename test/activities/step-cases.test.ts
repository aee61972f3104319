import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { steps } from '../../src/activities/steps/index.ts';
import { applyDecision, type DecidedDifference, openStepCases, type StepCase } from '../support/step-case.ts';

const decided = new Map(readDecisions().map((decision) => [decision.id, decision]));
const cases = [...readCases('step-cases.jsonl'), ...readCases('step-quirks.jsonl')];

/** Cases under way at a time: most of each is waiting for git. */
const atATime = 4;

describe('recorded runs of steps', () => {
  const runner = openStepCases(steps);
  const started = new Map<number, Promise<readonly string[]>>();
  after(async () => {
    await Promise.allSettled(started.values());
    await runner.close();
  });

  const start = (index: number): Promise<readonly string[]> | undefined => {
    const stepCase = cases[index];
    if (!stepCase || started.has(index)) return started.get(index);
    const decision = decided.get(stepCase.id);
    const run = runner.run(decision ? applyDecision(stepCase, decision) : stepCase);
    // A failure is told by the test of the case, which comes later.
    run.catch(() => undefined);
    started.set(index, run);
    return run;
  };

  for (const [index, stepCase] of cases.entries()) {
    const decision = decided.get(stepCase.id);
    it(`${stepCase.id}: ${stepCase.why}${decision ? ', decided otherwise' : ''}`, async () => {
      const run = start(index)!;
      for (let next = index + 1; next < index + atATime; next += 1) void start(next);
      const differences = await run;
      const { places = [] } = decision ?? {};
      const unexpected = differences.filter((text) => !places.some((place) => isAt(place, text)));
      assert.deepEqual(unexpected, []);
      for (const place of places) {
        assert.ok(
          differences.some((text) => isAt(place, text)),
          `no difference at ${place} any more`,
        );
      }
    });
  }

  it('keeps no decision about a case that is gone', () => {
    const ids = new Set(cases.map(({ id }) => id));
    assert.deepEqual(
      [...decided.keys()].filter((id) => !ids.has(id)),
      [],
    );
  });
});

function isAt(place: string, difference: string): boolean {
  return difference.startsWith(`${place}:`) || difference.startsWith(`${place}.`);
}

function readCases(file: string): readonly StepCase[] {
  return read(file)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as StepCase);
}

function readDecisions(): readonly DecidedDifference[] {
  return JSON.parse(read('decided-step-differences.json')) as DecidedDifference[];
}

function read(file: string): string {
  return readFileSync(new URL(`../cases/${file}`, import.meta.url), 'utf8');
}
