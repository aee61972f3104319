import assert from 'node:assert/strict';
import { drawCodeFrame, type Position } from '../../src/client/code-frame.ts';

describe('a code frame', () => {
  const cases: readonly [string, string, Position, string][] = [
    [
      'points into the middle',
      'a\nbcd\ne\nf',
      { line: 2, column: 2 },
      '  1 | a\n> 2 | bcd\n    |  ^\n  3 | e\n  4 | f',
    ],
    ['points at the start of a file', 'abc', { line: 1, column: 1 }, '> 1 | abc\n    | ^'],
    ['points at the end of a line', 'ab\r\nc', { line: 1, column: 3 }, '> 1 | ab\n    |   ^\n  2 | c'],
    ['expands tabs', '\tx', { line: 1, column: 2 }, '> 1 |   x\n    |   ^'],
    ['marks all of it', 'a: bcd e', { line: 1, column: 4, length: 3 }, '> 1 | a: bcd e\n    |    ^^^'],
    ['marks no more than the line', 'abc', { line: 1, column: 2, length: 9 }, '> 1 | abc\n    |  ^^'],
    ['marks wide characters', '世x界y', { line: 1, column: 2, length: 2 }, '> 1 | 世x界y\n    |   ^^^'],
    ['counts no combining marks', 'e\u0301x', { line: 1, column: 3 }, '> 1 | e\u0301x\n    |  ^'],
    ['leaves a byte order mark out', '\uFEFFabc', { line: 1, column: 2 }, '> 1 | abc\n    |  ^'],
    ['shows nothing that turns the line around', 'a\u202eb', { line: 1, column: 3 }, '> 1 | a?b\n    |   ^'],
    ['counts wide characters', '世界x', { line: 1, column: 3 }, '> 1 | 世界x\n    |     ^'],
    ['shows no control characters', 'a\u001b[31mb', { line: 1, column: 1 }, '> 1 | a?[31mb\n    | ^'],
    ['is empty behind the end', 'a', { line: 9, column: 1 }, ''],
  ];
  for (const [title, text, position, expected] of cases) {
    it(title, () => assert.equal(drawCodeFrame(text, position), expected));
  }

  it('cuts a long line around the position', () => {
    const frame = drawCodeFrame(`${'x'.repeat(5000)}!${'y'.repeat(5000)}`, { line: 1, column: 5001 });
    const [source, marker] = frame.split('\n');
    assert.equal(source!.length, 106);
    assert.equal(source![marker!.indexOf('^')], '!');
  });

  it('aligns numbers of different length', () => {
    const frame = drawCodeFrame('a\n'.repeat(11), { line: 10, column: 1 });
    assert.equal(frame, '   8 | a\n   9 | a\n> 10 | a\n     | ^\n  11 | a');
  });
});
