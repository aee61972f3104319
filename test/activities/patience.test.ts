import assert from 'node:assert/strict';
import { backoffDelay, usualPace, waitDelay, withinDeadline } from '../../src/activities/patience.ts';

describe('patience', () => {
  const backoff = { initial: 1000, factor: 2, max: 60_000 };
  const backoffs = [
    [1, 1000],
    [2, 2000],
    [6, 32_000],
    [7, 60_000],
    [5000, 60_000],
  ] as const;
  for (const [consecutive, delay] of backoffs) {
    it(`waits ${delay} ms after ${consecutive} errors in a row`, () => {
      assert.equal(backoffDelay(backoff, consecutive), delay);
    });
  }

  const waits = [
    ['nothing suggested', undefined, 0, 10_000],
    ['a suggestion', 30_000, 0, 30_000],
    ['never less than a second', 5, 0, 1000],
    ['grows with the age', 30_000, 3_600_000, 180_000],
    ['at most an hour', 30_000, 30 * 86_400_000, 3_600_000],
    ['more only if the step says so', 7_200_000, 30 * 86_400_000, 7_200_000],
  ] as const;
  for (const [name, suggested, age, delay] of waits) {
    it(`looks again: ${name}`, () => {
      assert.equal(waitDelay(suggested, age, usualPace, 0.5), delay);
      assert.equal(waitDelay(suggested, age, usualPace, 0), delay * 0.9);
      assert.ok(waitDelay(suggested, age) <= delay * 1.1);
    });
  }

  it('ends at the deadline', () => {
    const soon = new Date(Date.now() + 5000).toISOString();
    assert.ok(withinDeadline(60_000, soon) <= 5000);
    assert.equal(withinDeadline(100, soon), 100);
    assert.equal(withinDeadline(60_000, '2020-01-01T00:00:00Z'), 0);
    assert.equal(withinDeadline(60_000, undefined), 60_000);
  });
});
