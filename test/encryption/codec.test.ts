import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { assert as assertProperty, asyncProperty, json } from 'fast-check';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { createCodec, keyIdOf, type OnUnreadable } from '../../src/encryption/codec.ts';
import { parseKeys, type Keyring } from '../../src/encryption/keys.ts';

describe('codec of payloads', () => {
  const [old, young] = [keyNamed('2026-01'), keyNamed('2026-11')];

  it('gives back what it was given, whatever that is', async () => {
    const codec = createCodec([young], 'throw');
    await assertProperty(
      asyncProperty(json(), async (text) => {
        const payload = payloadOf(JSON.parse(text));
        const [encrypted] = await codec.encode([payload]);
        assert.deepEqual(valueOf((await codec.decode([encrypted!]))[0]!), JSON.parse(text));
      }),
      { numRuns: 50 },
    );
  });

  it('shows nothing but the name of the key, and never the same twice', async () => {
    const codec = createCodec([young], 'throw');
    const payload = payloadOf({ canary: 'canary' });
    const [one, other] = await codec.encode([payload, payload]);
    assert.equal(keyIdOf(one!), '2026-11');
    assert.ok(!Buffer.from(one!.data!).includes('canary'));
    assert.notDeepEqual(one!.data, other!.data);
    assert.deepEqual(Object.keys(one!.metadata!), ['encoding', 'encryption-key-id']);
  });

  it('lets plain payloads pass, and encrypts nothing twice', async () => {
    const codec = createCodec([young], 'throw');
    const plain = payloadOf({ a: 1 });
    assert.deepEqual(await codec.decode([plain]), [plain]);
    const encrypted = await codec.encode([plain]);
    assert.deepEqual(await codec.encode(encrypted), encrypted);
    assert.deepEqual(await createCodec([], 'throw').encode([plain]), [plain]);
    assert.deepEqual(await codec.encode([]), []);
  });

  it('encrypts with the first key and decrypts with all', async () => {
    const before = await createCodec([old], 'throw').encode([payloadOf('x')]);
    const rotated = createCodec([young, old], 'throw');
    assert.equal(valueOf((await rotated.decode(before))[0]!), 'x');
    assert.equal(keyIdOf((await rotated.encode([payloadOf('y')]))[0]!), '2026-11');
  });

  for (const [title, spoil, keys, reason] of [
    [
      'an unknown key',
      (payload: Payload) => payload,
      [old],
      /^it is encrypted with key "2026-11", and the keys here are 2026-01: see the setting encryption.keys$/,
    ],
    [
      'no key at all',
      (payload: Payload) => payload,
      [],
      /^it is encrypted with key "2026-11", and there are no keys here/,
    ],
    [
      'another key of that name',
      (payload: Payload) => payload,
      [keyNamed('2026-11')],
      /the key of that name here does not open it/,
    ],
    ['data that was changed', flipLast, [young], /does not open it/],
    [
      'data that was cut off',
      (payload: Payload) => ({ ...payload, data: payload.data!.subarray(0, 10) }),
      [young],
      /does not open it/,
    ],
    ['no data', (payload: Payload) => ({ ...payload, data: null }), [young], /does not open it/],
    [
      'the name of another key',
      rename,
      [young, old],
      /"2026-01", and the key of that name here does not open it/,
    ],
  ] as const) {
    it(`says what is wrong with ${title}`, async () => {
      const encrypted = spoil((await createCodec([young], 'throw').encode([payloadOf('x')]))[0]!);
      const decode = (how: OnUnreadable) => createCodec(keys, how).decode([encrypted, payloadOf('plain')]);
      await assert.rejects(decode('throw'), { name: 'UnreadablePayload', message: reason });
      assert.deepEqual((await decode('keep'))[0], encrypted);
      const [marked, plain] = (await decode('mark')).map(valueOf);
      assert.match((marked as { $undecodable: string }).$undecodable, reason);
      assert.equal(plain, 'plain');
    });
  }

  function flipLast(payload: Payload): Payload {
    const data = Buffer.from(payload.data!);
    data[data.length - 1]! ^= 1;
    return { ...payload, data };
  }

  function rename(payload: Payload): Payload {
    return { ...payload, metadata: { ...payload.metadata, 'encryption-key-id': Buffer.from('2026-01') } };
  }
});

function keyNamed(id: string): Keyring[number] {
  return parseKeys(`${id}:${randomBytes(32).toString('base64')}`, 'test')[0]!;
}

function payloadOf(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value);
}

function valueOf(payload: Payload): unknown {
  return defaultPayloadConverter.fromPayload(payload);
}
