import assert from 'node:assert/strict';
import Long from 'long';
import { defaultPayloadConverter } from '@temporalio/client';
import { findJournals } from '../../src/client/pending.ts';

describe('journals of pending steps', () => {
  const journal = { looks: 3, errors: 2, consecutive: 1, recent: [{ at: 'T', message: 'no route' }] };
  const details = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });
  const cases: readonly [string, object, readonly string[]][] = [
    [
      'found by alias',
      { activityId: '2-render::push', heartbeatDetails: details(journal) },
      ['render::push'],
    ],
    ['none without errors', { activityId: '2-x', heartbeatDetails: details({ ...journal, errors: 0 }) }, []],
    ['none without heartbeat', { activityId: '2-x' }, []],
    ['none in what is no journal', { activityId: '2-x', heartbeatDetails: details('hello') }, []],
    ['none of activities that are no steps', { activityId: 'plan', heartbeatDetails: details(journal) }, []],
  ];
  for (const [title, activity, expected] of cases) {
    it(title, () =>
      assert.deepEqual(
        findJournals([activity]).map(({ alias }) => alias),
        expected,
      ),
    );
  }

  it('carry the last message', () => {
    const [found] = findJournals([{ activityId: '0-push', heartbeatDetails: details(journal) }]);
    assert.deepEqual(found, { alias: 'push', errors: 2, message: 'no route', journal });
  });

  it('tell what a step waits for, and when it looks again', () => {
    const nextAttemptScheduleTime = { seconds: Long.fromNumber(1_767_225_600), nanos: 5e8 };
    const heartbeatDetails = details({ ...journal, errors: 0, waiting: 'not merged' });
    const [found] = findJournals([{ activityId: '0-wait', heartbeatDetails, nextAttemptScheduleTime }]);
    assert.deepEqual(
      [found?.waiting, found?.retryAt, found?.journal],
      ['not merged', '2026-01-01T00:00:00.500Z', { ...journal, errors: 0 }],
    );
  });
});
