import assert from 'node:assert/strict';
import { steps } from '../../src/activities/steps/index.ts';
import { openDecidedStepCases, readStepCases } from '../support/decided-step-cases.ts';

const cases = [...readStepCases('step-cases.jsonl'), ...readStepCases('step-quirks.jsonl')];

/** Cases under way at a time: most of each is waiting for git. */
const atATime = 4;

describe('recorded runs of steps', () => {
  const runner = openDecidedStepCases(steps);
  const started = new Map<number, Promise<readonly string[]>>();
  after(async () => {
    await Promise.allSettled(started.values());
    await runner.close();
  });

  const start = (index: number): Promise<readonly string[]> | undefined => {
    const stepCase = cases[index];
    if (!stepCase || started.has(index)) return started.get(index);
    const run = runner.check(stepCase);
    // A failure is told by the test of the case, which comes later.
    run.catch(() => undefined);
    started.set(index, run);
    return run;
  };

  for (const [index, { id, why }] of cases.entries()) {
    it(`${id}: ${why}${runner.decisionOf(id) ? ', decided otherwise' : ''}`, async () => {
      const run = start(index)!;
      for (let next = index + 1; next < index + atATime; next += 1) void start(next);
      assert.deepEqual(await run, []);
    });
  }

  it('keeps no decision about a case that is gone', () => {
    const ids = new Set(cases.map(({ id }) => id));
    assert.deepEqual(
      runner.decisions.map(({ id }) => id).filter((id) => !ids.has(id)),
      [],
    );
  });
});
