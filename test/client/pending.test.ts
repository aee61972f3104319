import assert from 'node:assert/strict';
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
});
