import assert from 'node:assert/strict';
import { parseChallenge } from '../../../src/providers/oci/challenge.ts';

describe('challenges of registries', () => {
  const bearer = (realm: string, service?: string) => ({ scheme: 'bearer', realm, service });
  const cases: readonly (readonly [string | undefined, unknown])[] = [
    [undefined, undefined],
    ['', undefined],
    ['Negotiate', undefined],
    ['Basic realm="x"', { scheme: 'basic' }],
    ['basic', { scheme: 'basic' }],
    [
      'Bearer realm="https://t.example/token",service="r",scope="repository:a:pull"',
      bearer('https://t.example/token', 'r'),
    ],
    ['bearer service="r, s" , realm="https://t.example/a\\"b"', bearer('https://t.example/a"b', 'r, s')],
    ['Bearer realm=https://t.example/token', bearer('https://t.example/token')],
    ['Negotiate, Bearer realm="https://t"', bearer('https://t')],
    ['Bearer scope="realm=x"', undefined],
    ['Bearer', undefined],
  ];
  for (const [header, challenge] of cases) {
    it(`reads ${header}`, () => {
      assert.deepEqual(parseChallenge(header), challenge);
    });
  }
});
