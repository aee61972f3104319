import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { sha1 } from '../../src/core/sha1.ts';

describe('sha1', () => {
  const texts = [
    '',
    'abc',
    ...[55, 56, 63, 64, 65, 119, 120].map((length) => 'x'.repeat(length)),
    'é🚀'.repeat(99),
  ];
  for (const text of texts) {
    it(`agrees with the real one on ${text.length} characters`, () => {
      assert.equal(sha1(text), createHash('sha1').update(text).digest('hex'));
    });
  }
});
