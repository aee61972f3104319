import assert from 'node:assert/strict';
import { InvalidInput } from '../../src/client/errors.ts';
import { instantOfName, pickPromotion } from '../../src/client/find-promotion.ts';
import { toRow, ulidOf, type Execution, type PromotionRow } from '../../src/client/promotion-row.ts';
import { createUlid } from '../../src/client/ulid.ts';

const at = '2026-05-01T08:00:00.000Z';
const first = '01k9s3v6m7d8q2w4x5y6z7a8b9';
const second = '01k9s3v6m7ffffffffffffffff';

describe('promotions by name', () => {
  const row = (workflowId: string, more: Partial<PromotionRow> = {}): PromotionRow => ({
    workflowId,
    runId: 'r',
    phase: 'Running',
    startedAt: at,
    ...more,
  });
  const one = row(`promotion/demo/test/${first}`, { name: first });
  const two = row(`promotion/demo/prod/${second}`, { name: second, phase: 'Succeeded' });
  const own = row('nightly', { name: 'test.01k9s3v6m7eeeeeeeeeeeeeeee.f5f87aa' });
  const rows = [one, two, own];

  const cases: readonly [string, string, PromotionRow][] = [
    ['its workflow id', one.workflowId, one],
    ['project, stage and name', `demo/prod/${second}`, two],
    ['its name', first, one],
    ['the name of one with an id of its own', own.name!, own],
    ['the beginning of its name', '01k9s3v6m7d', one],
    ['project and stage, when no other has them', 'demo/prod', two],
    ['any part', 'ight', own],
  ];
  for (const [title, text, expected] of cases) {
    it(`are found by ${title}`, () =>
      assert.equal(pickPromotion(text, rows).workflowId, expected.workflowId));
  }

  it('prefer a whole name to a part of another', () => {
    const short = row('night');
    assert.equal(pickPromotion('night', [own, short]), short);
  });

  it('prefer what is under way, where that is what can be changed', () => {
    assert.throws(() => pickPromotion('demo', rows), InvalidInput);
    assert.equal(pickPromotion('demo', rows, { preferOpen: true }), one);
    assert.equal(pickPromotion('demo/prod', rows, { preferOpen: true }), two);
  });

  it('take the latest run of an id that was used again', () => {
    const again = row('nightly', { runId: 'r2', startedAt: '2026-05-02T08:00:00.000Z' });
    assert.equal(pickPromotion('nightly', [own, again]).runId, 'r2');
  });

  it('say which ones a text could mean, the first ten of many', () => {
    const many = Array.from({ length: 12 }, (_, index) => row(`promotion/demo/test/${index}`));
    assert.throws(() => pickPromotion('demo', many), {
      name: 'InvalidInput',
      message: [
        '"demo" could be any of 12 promotions; write more of one:',
        ...many.slice(0, 10).map(({ workflowId }) => `  ${workflowId}  Running, started ${at}`),
        '  and 2 more: gantry promotions',
      ].join('\n'),
    });
  });

  it('propose what a mistyped text most likely means', () => {
    assert.throws(
      () => pickPromotion('nihgtly', rows),
      /There is no promotion "nihgtly"\. Did you mean "nightly"\?/,
    );
    assert.throws(
      () => pickPromotion('zzz', rows),
      /^InvalidInput: There is no promotion "zzz"\. `gantry promotions`/,
    );
  });

  it('know from a name when it was given', () => {
    const name = createUlid(Date.parse(at));
    for (const text of [name, `promotion/demo/test/${name}`, `test.${name}.f5f87aa`]) {
      assert.equal(instantOfName(text)?.toISOString(), at);
    }
    for (const text of ['nightly', name.slice(1), `${name}0`]) assert.equal(instantOfName(text), undefined);
  });
});

describe('rows of promotions', () => {
  const execution = (workflowId: string, more: Partial<Execution> = {}): Execution => ({
    workflowId,
    runId: 'run',
    status: { name: 'RUNNING' },
    startTime: new Date(at),
    searchAttributes: {},
    ...more,
  });
  const attributes = {
    GantryProject: ['demo'],
    GantryStage: ['test'],
    GantryFreight: ['f5f87aa23c9e97f43eb83dd63768ee41f5ba3766'],
    GantryPhase: ['Errored'],
    GantryActor: ['alice'],
  };

  it('of any id have the name that the workflow gives itself', () => {
    const { name, project, stage, actor } = toRow(execution('nightly', { searchAttributes: attributes }));
    assert.match(name!, /^test\.[0-9a-z]{26}\.f5f87aa$/);
    assert.deepEqual({ project, stage, actor }, { project: 'demo', stage: 'test', actor: 'alice' });
  });

  it('without search attributes know what the id tells, and are found by the name all the same', () => {
    const { project, stage, name } = toRow(execution(`promotion/demo/test/${first}`));
    assert.deepEqual({ project, stage, name }, { project: 'demo', stage: 'test', name: first });
    const bare = toRow(execution('nightly'));
    assert.equal(bare.name, undefined);
    assert.equal(pickPromotion(`test.${ulidOf(bare)}.f5f87aa`, [bare]), bare);
  });

  const phases: readonly [
    Execution['status']['name'],
    Execution['searchAttributes'],
    PromotionRow['phase'],
  ][] = [
    ['RUNNING', {}, 'Running'],
    ['RUNNING', { GantryPhase: ['Pending'] }, 'Pending'],
    ['COMPLETED', { GantryPhase: ['Running'] }, 'Succeeded'],
    ['FAILED', {}, 'Failed'],
    ['FAILED', { GantryPhase: ['Errored'] }, 'Errored'],
    ['CANCELLED', {}, 'Aborted'],
    ['TERMINATED', { GantryPhase: ['Running'] }, 'Terminated'],
    ['TIMED_OUT', {}, 'TimedOut'],
  ];
  for (const [name, searchAttributes, phase] of phases) {
    it(`are ${phase} when the workflow is ${name} and says ${JSON.stringify(searchAttributes)}`, () => {
      assert.equal(toRow(execution('x', { status: { name }, searchAttributes })).phase, phase);
    });
  }
});
