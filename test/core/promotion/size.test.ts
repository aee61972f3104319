import assert from 'node:assert/strict';
import { cutText, isDeeperThan, sizeOfJson, sizeOfText } from '../../../src/core/promotion/size.ts';

describe('sizes', () => {
  for (const text of ['', 'plain', 'é', '€uro', '😀', 'a😀é€', '\u007f\u0080\u07ff\u0800']) {
    it(`counts the bytes of ${JSON.stringify(text)}`, () => {
      assert.equal(sizeOfText(text), Buffer.byteLength(text));
      assert.equal(sizeOfJson({ text }), Buffer.byteLength(JSON.stringify({ text })));
    });
  }

  it('measures depth without descending', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    assert.equal(isDeeperThan(deep, 200), true);
    assert.equal(isDeeperThan([[[]]], 3), false);
    assert.equal(isDeeperThan([[[]]], 2), true);
    assert.equal(isDeeperThan('text', 0), false);
    assert.equal(isDeeperThan(null, 0), false);
  });

  it('cuts text to what the wire takes', () => {
    assert.equal(cutText('abcdef', 4), 'abc…');
    assert.equal(cutText('abc', 4), 'abc');
    assert.equal(cutText('a\ud800b', 9), 'a\ufffdb');
    assert.equal(cutText('ab😀', 4), 'ab😀');
    assert.equal(cutText('ab😀cd', 4), 'ab\ufffd…');
  });
});
