import assert from 'node:assert/strict';
import { createUlid } from '../../src/client/ulid.ts';

describe('a ULID', () => {
  it('is the time, then randomness, in lower-case base 32', () => {
    assert.equal(createUlid(1469918176385, new Uint8Array(16)), '01aryz6s410000000000000000');
    assert.match(createUlid(), /^[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('sorts by time and differs', () => {
    assert.ok(createUlid(1) < createUlid(2));
    assert.notEqual(createUlid(1), createUlid(1));
  });
});
