import assert from 'node:assert/strict';
import { countError, countLook, journalOf, noAttempts, parseAttempts } from '../../src/activities/journal.ts';

const at = '2026-01-01T00:00:00.000Z';

describe('journal', () => {
  it('counts errors in a row, and all of them', () => {
    const broken = countError(countError(noAttempts, at, 'one'), at, 'two');
    const looked = countLook(broken, 'not there');
    const again = countError(looked, at, 'three');
    assert.deepEqual([broken.consecutive, looked.consecutive, again.consecutive], [2, 0, 1]);
    assert.deepEqual([again.looks, again.errors], [4, 3]);
    assert.equal(looked.waiting, 'not there');
  });

  it('keeps the last ten errors, shortened', () => {
    let attempts = noAttempts;
    for (let n = 1; n <= 12; n += 1) attempts = countError(attempts, at, `${n} ${'x'.repeat(1000)}`);
    assert.equal(attempts.recent.length, 10);
    assert.match(attempts.recent[0]!.message, /^3 x+…$/);
    assert.ok(JSON.stringify(attempts).length < 6000);
  });

  it('is handed back only when the first attempt did not suffice', () => {
    assert.equal(journalOf(countLook(noAttempts)), undefined);
    assert.deepEqual(journalOf(countLook(countLook(noAttempts, 'wait'))), {
      looks: 2,
      errors: 0,
      consecutive: 0,
      recent: [],
    });
  });

  it('survives a heartbeat, and takes anything else for none', () => {
    const attempts = countLook(countError(noAttempts, at, 'one'), 'not there');
    assert.deepEqual(parseAttempts(JSON.parse(JSON.stringify(attempts))), attempts);
    for (const odd of [undefined, null, 7, 'x', [], {}, { recent: [] }, { looks: 1, recent: [] }]) {
      assert.deepEqual(parseAttempts(odd), noAttempts);
    }
  });
});
