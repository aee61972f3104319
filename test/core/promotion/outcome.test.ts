import assert from 'node:assert/strict';
import { finalOutcome, hasFailure } from '../../../src/core/promotion/outcome.ts';
import type { StepRecord, StepStatus } from '../../../src/core/promotion/status.ts';
import { explainStop } from '../../../src/core/promotion/stop.ts';

type Row = readonly [statuses: readonly (StepStatus | 'tolerated')[], phase: string, message?: string];

const rows: readonly Row[] = [
  [[], 'Succeeded'],
  [['Succeeded'], 'Succeeded'],
  [['Succeeded', 'Skipped', 'Skipped'], 'Succeeded', '1 Skipped'],
  [['Failed', 'Errored', 'Errored'], 'Errored', '1 Errored'],
  [['Errored', 'Failed'], 'Errored', '0 Errored'],
  [['Skipped', 'Failed', 'Failed'], 'Failed', '1 Failed'],
  [['Succeeded', 'Aborted'], 'Aborted', '1 Aborted'],
  [['Running'], 'Errored', '0 Running'],
  [['tolerated', 'Succeeded'], 'Succeeded'],
];

describe('the outcome of a promotion', () => {
  for (const [statuses, phase, message] of rows) {
    it(`of ${statuses.join(', ') || 'nothing'} is ${phase}`, () => {
      assert.deepEqual(finalOutcome(statuses.map(createRecord)), message ? { phase, message } : { phase });
    });
  }

  it('is decided by a stop alone', () => {
    const records = [createRecord('Errored', 0)];
    assert.equal(finalOutcome(records, { kind: 'abort' }).phase, 'Aborted');
    assert.equal(finalOutcome(records, { kind: 'timeout', after: 1000 }).phase, 'Errored');
  });

  it('makes later steps skip after a failure that counts', () => {
    assert.equal(hasFailure([createRecord('Failed', 0)]), true);
    assert.equal(hasFailure([createRecord('Errored', 0)]), true);
    assert.equal(hasFailure([createRecord('Aborted', 0), createRecord('tolerated', 1)]), false);
  });
});

describe('a stop', () => {
  it('says who, why and when', () => {
    assert.equal(explainStop({ kind: 'abort' }), 'Promotion terminated by an unknown actor');
    assert.equal(
      explainStop({ kind: 'abort', actor: 'ann', reason: 'no' }),
      'Promotion terminated by ann: no',
    );
    assert.equal(explainStop({ kind: 'timeout', after: 90_000 }), 'Promotion timed out after 1m30s');
  });
});

function createRecord(status: StepStatus | 'tolerated', index: number): StepRecord {
  const continueOnError = status === 'tolerated';
  const end = continueOnError ? 'Failed' : status;
  const message = end === 'Succeeded' ? {} : { message: `${index} ${end}` };
  return { alias: `step-${index}`, continueOnError, errorCount: 0, status: end, ...message };
}
