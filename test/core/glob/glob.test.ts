import assert from 'node:assert/strict';
import { parseGlob } from '../../../src/core/glob/glob.ts';

describe('a pattern of paths', () => {
  const paths = ['a.txt', 'b.md', 'd/', 'd/a.txt', 'd/e/', 'd/e/c.tmp', '.dot/', '.dot/h.tmp', '[x]', 'über'];
  const cases: readonly (readonly [pattern: string, means: readonly string[]])[] = [
    ['*.txt', ['a.txt']],
    ['./*.txt', ['a.txt']],
    ['/*.txt', ['a.txt']],
    ['**/*.txt', ['a.txt', 'd/a.txt']],
    ['**/*.tmp', ['d/e/c.tmp', '.dot/h.tmp']],
    ['d/**', ['d/', 'd/a.txt', 'd/e/', 'd/e/c.tmp']],
    ['d/**/c.tmp', ['d/e/c.tmp']],
    ['**/e/**/c.tmp', ['d/e/c.tmp']],
    ['d/*/', ['d/e/']],
    ['?.{txt,md}', ['a.txt', 'b.md']],
    ['{d/{a,b}.txt,b.md}', ['b.md', 'd/a.txt']],
    ['{,d/}a.txt', ['a.txt', 'd/a.txt']],
    ['[!a].*', ['b.md']],
    ['[^b-z].txt', ['a.txt']],
    ['\\[x\\]', ['[x]']],
    ['[[]x[]]', ['[x]']],
    ['?ber', ['über']],
    ['d/../a.txt', []],
    ['../*', []],
    ['', []],
    ['d/a.txt/', []],
  ];
  for (const [pattern, means] of cases) {
    it(`means with ${pattern}: ${means.join(' ') || 'nothing'}`, () => {
      const glob = parseGlob(pattern);
      const found = paths.filter((path) => glob.fits(path.replace(/\/$/, '').split('/'), path.endsWith('/')));
      assert.deepEqual(found, means);
    });
  }

  for (const pattern of ['[a', '{a', 'a}', '{a,{b}', 'a\\', '[]', '[a-', '{a,b}'.repeat(11)]) {
    it(`refuses ${pattern}`, () => assert.throws(() => parseGlob(pattern), { message: /is malformed: / }));
  }

  it('says where it may find something', () => {
    const reaches = (pattern: string, folder: string) => parseGlob(pattern).reaches(folder.split('/'));
    assert.deepEqual(
      [
        reaches('d/*', 'd'),
        reaches('d/*', 'x'),
        reaches('**/x', 'a/b'),
        reaches('d', 'd'),
        reaches('d/{e,f}/*', 'd/f'),
      ],
      [true, false, true, false, true],
    );
  });

  it('takes no time for patterns made to take long', () => {
    const start = performance.now();
    const name = 'a'.repeat(200);
    assert.equal(parseGlob('*a'.repeat(40) + 'b').fits([name], false), false);
    assert.equal(
      parseGlob('**/a/'.repeat(30) + 'b').fits(
        Array.from({ length: 200 }, () => 'a'),
        false,
      ),
      false,
    );
    assert.ok(performance.now() - start < 500);
  });
});
