import assert from 'node:assert/strict';
import { splitHelmKey } from '../../../src/core/edit/helm-key.ts';

describe('keys in the notation of helm', () => {
  const cases: readonly (readonly [string, readonly (string | number)[]])[] = [
    ['a', ['a']],
    ['a.b', ['a', 'b']],
    ['a[0].b', ['a', 0, 'b']],
    ['a[1][2]', ['a', 1, 2]],
    ['a.0.b', ['a', 0, 'b']],
    ['a\\.b.c', ['a.b', 'c']],
    ['a\\[0\\].c', ['a[0]', 'c']],
    ['a\\\\b', ['a\\b']],
    ['007.x-y/z', ['007', 'x-y/z']],
  ];
  for (const [key, parts] of cases) {
    it(`takes ${key} apart`, () => {
      assert.deepEqual(splitHelmKey(key), parts);
    });
  }

  for (const key of ['', '.', 'a.', '.a', 'a..b', '[0]', 'a.[0]', 'a[x]', 'a[0]b', 'a[0', 'a]', 'a\\']) {
    it(`refuses ${JSON.stringify(key)}`, () => {
      assert.throws(() => splitHelmKey(key), { name: 'Error', message: new RegExp('^key ') });
    });
  }
});
