import assert from 'node:assert/strict';
import { fuzzMutations, fuzzTexts } from './fuzz.ts';

describe('expressions nobody would write', () => {
  it('changed at random end in a value or an ExpressionError', () => {
    assert.deepEqual(fuzzMutations(4000, 7), []);
  }).timeout(60_000);

  it('made of random signs end in a value or an ExpressionError', () => {
    assert.deepEqual(fuzzTexts(1000, 7), []);
  }).timeout(60_000);
});
