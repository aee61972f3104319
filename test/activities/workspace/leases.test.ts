import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { Leases } from '../../../src/activities/workspace/leases.ts';

describe('leases', () => {
  it('let in as many as there is room for, in order', async () => {
    const leases = new Leases(2, 2);
    const { signal } = new AbortController();
    const came: number[] = [];
    const come = async (n: number) => {
      await leases.reserve(signal);
      came.push(n);
    };
    const all = Promise.all([come(1), come(2), come(3), come(4)]);
    await setImmediate();
    assert.deepEqual(came, [1, 2]);
    leases.take('a');
    leases.unreserve();
    await setImmediate();
    assert.deepEqual(came, [1, 2], 'a lease takes the room of the reservation');
    leases.giveBack('a');
    await setImmediate();
    assert.deepEqual(came, [1, 2, 3]);
    leases.unreserve();
    await all;
    assert.deepEqual(came, [1, 2, 3, 4]);
  });

  it('forget who stops waiting', async () => {
    const leases = new Leases(1);
    const impatient = new AbortController();
    await leases.reserve(impatient.signal);
    const waiting = leases.reserve(impatient.signal);
    impatient.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
    leases.unreserve();
    await leases.reserve(new AbortController().signal);
  });

  it('lend what is not reserved, at once or not at all', async () => {
    const leases = new Leases(3, 1);
    const { signal } = new AbortController();
    await leases.reserve(signal);
    const another = leases.reserve(signal);
    const lend = (key: string) => leases.tryTake(async () => leases.take(key) ?? key);
    assert.equal(await lend('a'), 'a', 'one reservation at a time leaves room');
    assert.equal(await lend('b'), 'b');
    assert.equal(await lend('c'), undefined);
    leases.unreserve();
    await another;
    assert.equal(await lend('c'), undefined, 'who waits for a reservation comes first');
    leases.giveBack('a');
    leases.close();
    assert.equal(await lend('c'), undefined);
  });

  it('keep the room of a loan that fails for others', async () => {
    const leases = new Leases(1, 1);
    await assert.rejects(
      leases.tryTake(() => Promise.reject(new Error('the disk is full'))),
      /disk/,
    );
    await leases.reserve(new AbortController().signal);
  });

  it('count a folder once', () => {
    const leases = new Leases(2);
    leases.take('a');
    leases.take('a');
    assert.equal(leases.count, 1);
    leases.giveBack('a');
    leases.giveBack('a');
    assert.equal(leases.count, 0);
  });
});
