import assert from 'node:assert/strict';
import { setImmediate as settle } from 'node:timers/promises';
import { openAttemptSignal } from '../../src/activities/attempt-signal.ts';

describe('the signal of an attempt', () => {
  const never = () => new AbortController().signal;

  it('aborts with whatever comes first, and with its reason', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const { signal } = openAttemptSignal([one.signal, other.signal], undefined);
    other.abort('enough');
    one.abort('late');
    assert.equal(signal.reason, 'enough');
  });

  it('says when the deadline of the step was what passed', () => {
    const limit = openAttemptSignal([never()], '2026-01-01T00:00:00Z');
    assert.equal(limit.signal.aborted, true);
    assert.equal(limit.timedOut, true);
  });

  it('hears nothing any more once it is closed', () => {
    const source = new AbortController();
    const limit = openAttemptSignal([source.signal], undefined);
    limit.close();
    source.abort();
    assert.equal(limit.signal.aborted, false);
  });

  it('may be one of many that listen to the same, and have many listeners', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    try {
      const source = never();
      for (let count = 0; count < 20; count++) {
        const { signal } = openAttemptSignal([source], undefined);
        for (let listeners = 0; listeners < 20; listeners++) signal.addEventListener('abort', () => {});
      }
      await settle();
    } finally {
      process.off('warning', note);
    }
    assert.deepEqual(warnings, []);
  });
});
