import assert from 'node:assert/strict';
import { explainRefName, isCommitName } from '../../../src/providers/git/ref-name.ts';
import { runGit } from '../../support/git-repository.ts';

describe('ref name', () => {
  const good = [
    'main',
    'env/prod',
    'v1.2.3',
    'a.b',
    'größe',
    'kargo/promotion/test.01h.abc',
    'a@b',
    '@x',
    'x{y',
  ];
  const misplaced = ['-x', 'a..b', '/a', 'a/', 'a//b', '.a', 'a/.b', 'a.lock', 'a.lock/b', 'a.', 'a@{b'];
  const forbidden = ['a b', 'a~1', 'a^', 'a:b', 'a?', 'a*', 'a[', 'a\\b', 'a\u0007', 'a\tb'];
  for (const name of [...good, ...misplaced, ...forbidden]) {
    it(`judges ${JSON.stringify(name)} as git does`, () => {
      assert.equal(explainRefName(name) === undefined, isBranch(name));
    });
  }

  it('says that a name has a line break in it', () => {
    assert.equal(explainRefName('v1\nv2'), 'it has a line break in it');
  });

  it('knows what may name a commit', () => {
    assert.deepEqual(['main', 'main~2', 'v1^', 'a1b2c3d4', 'x^2~3'].map(isCommitName), Array(5).fill(true));
    assert.deepEqual(
      ['--all', ':/text', 'main@{1}', 'a b', '', '^main'].map(isCommitName),
      Array(6).fill(false),
    );
  });
});

function isBranch(name: string): boolean {
  try {
    runGit('/', ['check-ref-format', '--branch', name]);
    return true;
  } catch {
    return false;
  }
}
