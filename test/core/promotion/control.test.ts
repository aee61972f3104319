import assert from 'node:assert/strict';
import { checkControl, type ControlSituation } from '../../../src/core/promotion/check-control.ts';
import { controls, type Control } from '../../../src/core/promotion/control.ts';
import { checkCorrection, correctPlan } from '../../../src/core/promotion/correct-step.ts';
import { noteDecision, reopenRecord } from '../../../src/core/promotion/decisions.ts';
import { parseControl } from '../../../src/core/promotion/parse-control.ts';
import { possibleNow } from '../../../src/core/promotion/situation.ts';
import type { StepRecord } from '../../../src/core/promotion/status.ts';
import { createPlan, createRun } from '../../workflows/scripted-effects.ts';

const at = '2026-01-01T00:00:00Z';
const ann = { actor: 'ann' } as const;
const steps = [
  { alias: 'a', uses: 'x' },
  { alias: 'b', uses: 'x' },
];

describe('calls of updates', () => {
  it('are one object that somebody signs', () => {
    for (const kind of controls) {
      assert.deepEqual(parseControl(kind, { actor: 'ann', reason: null }), { call: ann, problems: [] });
      for (const bad of [
        undefined,
        null,
        'ann',
        7,
        [],
        {},
        { actor: 7 },
        { actor: ' ' },
        { $undecodable: 'x' },
      ]) {
        assert.ok(parseControl(kind, bad).problems.length > 0, `${kind} ${JSON.stringify(bad)}`);
      }
    }
  });

  const faults: [Control, object, RegExp][] = [
    ['abort', { actor: 'a'.repeat(251) }, /longer than 250/],
    ['abort', { ...ann, reason: 'r'.repeat(2001) }, /longer than 2000/],
    ['pause', { ...ann, step: 'a' }, /unknown field "step"/],
    ['retry', { ...ann, config: [] }, /"config" must be an object, not a list/],
    ['retry', { ...ann, vars: [{ name: '9', value: 'x' }] }, /vars\[0\]\.name: "9" is no name of a variable/],
    ['retry', { ...ann, vars: [{ name: 'x', value: 7 }] }, /vars\[0\]\.value: "value" must be text/],
    ['skip', { ...ann, outputs: 'x' }, /"outputs" must be an object/],
    [
      'skip',
      { ...ann, outputs: JSON.parse(`${'{"a":'.repeat(300)}1${'}'.repeat(300)}`) },
      /nested more than 200/,
    ],
  ];
  for (const [kind, call, message] of faults) {
    it(`${kind} names its fault: ${message}`, () => {
      assert.match(parseControl(kind, call).problems.join('\n'), message);
    });
  }

  it('name all faults at once', () => {
    assert.equal(parseControl('retry', { step: 7, config: 'x', wrong: 1 }).problems.length, 4);
  });
});

describe('what people may do', () => {
  const paused = { since: at, actor: 'ann' };
  const record: StepRecord = { alias: 'a', status: 'Running', continueOnError: false, errorCount: 0 };
  const held = { kind: 'decision', step: 'a', since: at, options: ['retry', 'skip', 'abort'] } as const;
  const running = { phase: 'Running', stepExecutionMetadata: [record] } as const;
  const rows: [string, object, ControlSituation['stop'], readonly Control[]][] = [
    ['is planned', {}, undefined, ['abort', 'pause']],
    ['is planned, to pause then', { paused }, undefined, ['abort', 'resume']],
    ['waits for its turn', { waitingFor: { kind: 'turn', since: at } }, undefined, ['abort', 'pause']],
    ['runs a step', running, undefined, ['abort', 'refresh', 'pause']],
    ['runs its last step', { ...running, steps: [steps[0]] }, undefined, ['abort', 'refresh']],
    ['runs a step, to pause then', { ...running, paused }, undefined, ['abort', 'refresh', 'resume']],
    ['is held', { ...running, waitingFor: held }, undefined, ['retry', 'skip', 'abort', 'pause']],
    [
      'is paused',
      { ...running, paused, waitingFor: { kind: 'resume', ...paused } },
      undefined,
      ['resume', 'abort'],
    ],
    ['is ending', running, { kind: 'abort', actor: 'bob' }, []],
    ['has ended', { phase: 'Failed' }, undefined, []],
  ];
  for (const [state, change, stop, possible] of rows) {
    it(`while it ${state}: ${possible.join(', ') || 'nothing'}`, () => {
      const { status } = createRun({ steps });
      const situation = { status: Object.assign(status, { steps }, change), stop };
      assert.deepEqual(possibleNow(situation), possible);
      for (const kind of controls) {
        const refusal = checkControl(kind, ann, situation);
        if (possible.includes(kind)) assert.equal(refusal, undefined);
        else
          assert.match(refusal ?? '', new RegExp(`^cannot ${kind}: the promotion .*${possible.join(', ')}$`));
      }
    });
  }
});

describe('a correction', () => {
  const plan = createPlan([
    { config: { keep: 1, drop: 2, change: { deep: 3 } }, vars: [{ name: 'x', value: '1' }] },
    { propagates: true },
  ]);

  it('replaces top-level keys, removes those that are null and adds vars', () => {
    const config = { drop: null, change: { other: 4 }, ['__proto__']: 5 };
    const corrected = correctPlan(plan, 0, { config, vars: [{ name: 'x', value: '2' }] });
    assert.deepEqual(Object.entries(corrected.steps[0]?.config ?? {}), [
      ['keep', 1],
      ['change', { other: 4 }],
      ['__proto__', 5],
    ]);
    assert.deepEqual(
      corrected.steps[0]?.vars.map(({ value }) => value),
      ['1', '2'],
    );
    assert.equal(corrected.steps[1], plan.steps[1]);
    assert.deepEqual(plan.steps[0]?.config, { keep: 1, drop: 2, change: { deep: 3 } });
  });

  it('is checked by the rules of the planner', () => {
    assert.deepEqual(checkCorrection(plan, 0, {}), []);
    const broken = { config: { a: '${{ 1 + }}' }, vars: [{ name: 'y', value: "${{ always() }} ${{ '" }] };
    assert.ok(checkCorrection(plan, 0, broken).length >= 2);
    const secret = { config: { a: "${{ secret('s').k }}" } };
    assert.deepEqual(checkCorrection(plan, 0, secret), []);
    assert.match(checkCorrection(plan, 1, secret).join(), /config\.a reads a secret/);
    assert.match(
      checkCorrection(plan, 0, { config: { a: 'x'.repeat(400_000) } }).join(),
      /more than 384 KiB/,
    );
  });
});

describe('decisions', () => {
  it('are kept, the newest 50, with reasons cut', () => {
    const { status } = createRun({ steps });
    for (let count = 0; count < 60; count++) {
      noteDecision(status, { at, kind: 'refresh', actor: `${count}`, reason: 'r'.repeat(2000) });
    }
    assert.equal(status.decisions?.length, 50);
    assert.equal(status.decisions[0]?.actor, '10');
    assert.equal(status.decisions[0].reason?.length, 500);
  });

  it('keep the ends of a step that did not stay', () => {
    const record: StepRecord = { alias: 'a', continueOnError: false, errorCount: 3, startedAt: at };
    for (let count = 0; count < 7; count++) {
      Object.assign(record, { status: 'Failed', message: `${count}`, finishedAt: at });
      reopenRecord(record, at);
    }
    assert.deepEqual(
      record.earlier?.map(({ message }) => message),
      ['2', '3', '4', '5', '6'],
    );
    assert.deepEqual(
      [record.status, record.message, record.errorCount, record.retriedAt],
      [undefined, undefined, 0, at],
    );
  });
});
