import assert from 'node:assert/strict';
import { nearest, suggest } from '../../src/core/did-you-mean.ts';

describe('did you mean', () => {
  const kinds = ['git-clone', 'git-commit', 'git-push', 'constructor'];
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['git-clon', 'git-clone'],
    ['gti-push', 'git-push'],
    ['GIT-PUSH', 'git-push'],
    ['git-comit', 'git-commit'],
    ['helm-template', undefined],
    ['', undefined],
    ['x'.repeat(10_000), undefined],
  ];
  for (const [word, meant] of cases) {
    it(`takes ${JSON.stringify(word.slice(0, 20))} for ${meant ?? 'nothing known'}`, () => {
      assert.equal(nearest(word, kinds), meant);
    });
  }

  it('prefers the closest of several', () => assert.equal(nearest('tes', ['rest', 'test', 'toast']), 'test'));
  it('says nothing when nothing is near', () => assert.equal(suggest('zzz', kinds), ''));
});
