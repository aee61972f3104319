import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKeys, parseKeys } from '../../src/encryption/keys.ts';

const key = () => randomBytes(32).toString('base64');

describe('encryption keys', () => {
  const idsOf = (text: string) => parseKeys(text, 'keys').map(({ id }) => id);

  it('are read in order, with comments and blanks, in either alphabet', () => {
    assert.deepEqual(idsOf(`# the newest first\n2026-11:${key()}\n\n2026-01:${key()} # until May\r\n`), [
      '2026-11',
      '2026-01',
    ]);
    assert.deepEqual(idsOf(`a:${key()},b:${key()} c:${randomBytes(32).toString('base64url')}`), [
      'a',
      'b',
      'c',
    ]);
  });

  for (const [title, text, message] of [
    ['a text without id', key(), /keys:1: an entry does not begin with an id and a colon/],
    ['a strange id', `a/b:${key()}`, /keys:1: an entry does not begin with an id/],
    [
      'too short a key',
      `a:${randomBytes(16).toString('base64')}`,
      /keys:1: key "a" has 16 bytes instead of 32/,
    ],
    ['what is no base64', 'a:c4n4ry!', /keys:1: key "a" is not base64/],
    ['two of a name', `a:${key()}\na:${key()}`, /keys:2: there are two keys "a"/],
    ['nothing', '# none\n', /keys: there is no key in it/],
    ['several faults', `x\n\ny:z`, /keys:1: .*\n.*keys:3: /],
  ] as const) {
    it(`refuse ${title}, and show no part of it`, () => {
      const secrets = text.split(/[:\n]/).filter((part) => part.length > 6 && !part.startsWith('#'));
      assert.throws(
        () => parseKeys(text, 'keys'),
        (error: Error) => {
          assert.equal(error.name, 'InvalidKeys');
          assert.match(error.message, message);
          assert.match(error.message, /openssl rand -base64 32/);
          return secrets.every((secret) => !error.message.includes(secret));
        },
      );
    });
  }

  it('come from a file or a variable', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gantry-keys-'));
    try {
      const file = join(folder, 'keys');
      writeFileSync(file, `a:${key()}\n`);
      assert.equal((await loadKeys(file, {}))[0]?.id, 'a');
      assert.equal((await loadKeys('env:MINE', { MINE: `b:${key()}` }))[0]?.id, 'b');
      assert.deepEqual(await loadKeys(undefined, {}), []);
      await assert.rejects(loadKeys(join(folder, 'none'), {}), /file .*none cannot be read \(ENOENT\)/);
      await assert.rejects(loadKeys('env:MINE', {}), /variable MINE is not set/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
