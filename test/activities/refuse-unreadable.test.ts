import assert from 'node:assert/strict';
import { refuseUnreadable } from '../../src/activities/refuse-unreadable.ts';
import { refuseUndecodable } from '../../src/workflows/refuse-undecodable.ts';

describe('what is encrypted with another key', () => {
  it('is left to other workers when it is the input of an activity', async () => {
    const { echo } = refuseUnreadable({ echo: (input: unknown) => Promise.resolve(input) });
    assert.deepEqual(await echo({ a: 1 }), { a: 1 });
    await assert.rejects(echo({ $undecodable: 'it is encrypted with key "x"' }), {
      message: 'this worker cannot read what it is given: it is encrypted with key "x"',
      nonRetryable: false,
    });
  });

  it('fails the task, not the promotion, when it is a result', () => {
    refuseUndecodable({ status: 'Succeeded' });
    refuseUndecodable(undefined);
    assert.throws(() => refuseUndecodable({ $undecodable: 'why' }), {
      name: 'UndecodableResult',
      message: /cannot be read: why/,
    });
  });
});
