import assert from 'node:assert/strict';
import { clip, plainText, widthOf } from '../../src/client/present/width.ts';

describe('the width of a text on a terminal', () => {
  const cases: readonly [string, number][] = [
    ['', 0],
    ['abc', 3],
    ['\u001b[1;31mabc\u001b[39m', 3],
    ['部署', 4],
    ['e\u0301', 1],
    ['🚀', 2],
    ['👩‍🚀', 2],
    ['❤️', 2],
    ['한글', 4],
    ['a\u200bb', 2],
  ];
  for (const [text, width] of cases) {
    it(`of ${JSON.stringify(text)} is ${width}`, () => assert.equal(widthOf(text), width));
  }

  it('is never more than asked for, and nothing is cut that fits', () => {
    for (const [text] of cases) {
      assert.equal(clip(text, widthOf(text)), text);
      for (let columns = 0; columns < 5; columns += 1) {
        assert.ok(widthOf(clip(text, columns)) <= columns, `${JSON.stringify(text)} in ${columns}`);
      }
    }
    assert.equal(clip('\u001b[31mabcdef\u001b[39m', 4), '\u001b[31mabc…\u001b[0m');
  });

  it('is known because nothing in it moves the cursor', () => {
    assert.equal(plainText('a\tb\r\nc\u001b[2Jd\u0008\u009b'), 'a  b\ncd??');
  });
});
