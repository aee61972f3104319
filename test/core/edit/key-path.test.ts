import assert from 'node:assert/strict';
import { splitKey } from '../../../src/core/edit/key-path.ts';

describe('a key of an update', () => {
  const cases: readonly (readonly [key: string, parts: readonly string[]])[] = [
    ['a.b.c', ['a', 'b', 'c']],
    [' a.b ', ['a', 'b']],
    ['x\\.y.z', ['x.y', 'z']],
    ['p.q\\:r', ['p', 'q:r']],
    ['p.q:r', ['p', 'q:r']],
    ['list.:2.k', ['list', '2', 'k']],
    ['list.-1', ['list', '-1']],
    ['a\\\\.b', ['a\\', 'b']],
    ['größe.😀', ['größe', '😀']],
    ['a b.c/d', ['a b', 'c/d']],
  ];
  for (const [key, parts] of cases) it(`splits ${key}`, () => assert.deepEqual(splitKey(key), parts));

  const refused: readonly (readonly [key: string, message: RegExp])[] = [
    ['', /empty/],
    ['  ', /empty/],
    ['a..b', /key "a\.\.b": a part is empty/],
    ['.a', /a part is empty/],
    ['a.', /a part is empty/],
    ['a.:', /a part is empty/],
    ['a\\n', /"\\n" is no escape/],
    ['a\\', /"\\" is no escape/],
  ];
  for (const [key, message] of refused) {
    it(`refuses ${JSON.stringify(key)}`, () => assert.throws(() => splitKey(key), { message }));
  }
});
