import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { kindsOf, type EngineCase } from '../support/engine-case/engine-case.ts';
import { isBuilt } from '../support/engine-case/case-steps.ts';
import { type EngineCases, openEngineCases } from '../support/engine-case/open-engine-cases.ts';

interface Decided {
  readonly id: string;
  readonly reason: string;
  /** Where the result differs. */
  readonly places: readonly string[];
}

const refusedEarly =
  'kinds of steps, configs and expressions are checked before anything happens: what cannot work is refused with every problem, instead of failing on the way';
const decided = new Map(readDecisions().map((decision) => [decision.id, decision]));
const all = [...readCases('engine-cases.jsonl'), ...readCases('engine-quirks.jsonl')];
const cases = all.filter((engineCase) => [...kindsOf(engineCase)].every(isBuilt));

describe('recorded promotions', () => {
  let runner: EngineCases;
  before(async () => {
    runner = await openEngineCases();
  });
  after(() => runner.close());

  for (const engineCase of cases) {
    const { id, why } = engineCase;
    const decision = decided.get(id);
    it(`${id}: ${why}${decision ? ', decided otherwise' : ''}`, async () => {
      const { differences, decision: general, runsAsRecorded } = await runner.check(engineCase);
      // What the planner refuses must be right in the engine, too, unless a decision about the engine says otherwise.
      if (decision?.reason === refusedEarly) assert.ok(runsAsRecorded ?? general, 'run unchecked it differs');
      const { places = [] } = decision ?? {};
      const unexpected = differences.filter((text) => !places.some((place) => isAt(place, text)));
      assert.deepEqual(unexpected, []);
      const past = places.filter((place) => !differences.some((text) => isAt(place, text)));
      assert.deepEqual(past, [], 'no difference there any more');
    });
  }

  it('keeps no decision about a case that is gone', () => {
    const ids = new Set(all.map(({ id }) => id));
    const gone = [...decided.keys()].filter((id) => !ids.has(id));
    assert.deepEqual(gone, []);
  });
});

function isAt(place: string, difference: string): boolean {
  return difference.startsWith(`${place}:`) || difference.startsWith(`${place}.`);
}

function readCases(file: string): readonly EngineCase[] {
  return read(file)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as EngineCase);
}

function readDecisions(): readonly Decided[] {
  return JSON.parse(read('decided-engine-differences.json')) as Decided[];
}

function read(file: string): string {
  return readFileSync(new URL(`../cases/${file}`, import.meta.url), 'utf8');
}
