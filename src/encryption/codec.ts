import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Undecodable } from '../core/undecodable.ts';
import type { EncryptionKey, Keyring } from './keys.ts';

/**
 * What to do with a payload that these keys do not open. `throw`: reject. `mark`: put `{"$undecodable": reason}` in its
 * place, for workflows, where an error would repeat for ever. `keep`: leave it encrypted.
 */
export type OnUnreadable = 'throw' | 'mark' | 'keep';

/**
 * Encrypts payloads with AES-256-GCM under the first key and decrypts under all of them. What is not encrypted passes
 * unchanged: other clients may send plain JSON. Without keys everything stays plain, and what is encrypted is unreadable.
 */
export function createCodec(keys: Keyring, onUnreadable: OnUnreadable): PayloadCodec {
  const byId = new Map(keys.map((key) => [key.id, key]));
  const [first] = keys;
  const decode = (payload: Payload): Payload => {
    if (!isEncrypted(payload)) return payload;
    try {
      return decrypt(payload, byId);
    } catch (error) {
      if (onUnreadable === 'keep') return payload;
      if (onUnreadable === 'throw' || !(error instanceof UnreadablePayload)) throw error;
      return undecodable(error.message);
    }
  };
  return {
    encode: async (payloads) =>
      first
        ? payloads.map((payload) => (isEncrypted(payload) ? payload : encrypt(payload, first)))
        : payloads,
    decode: async (payloads) => payloads.map(decode),
  };
}

/** Says which key a payload is encrypted with; undefined when it is plain. */
export function keyIdOf({ metadata }: Payload): string | undefined {
  return textOf(metadata?.['encoding']) === encoding ? textOf(metadata?.['encryption-key-id']) : undefined;
}

/** A payload is encrypted, and not with a key that is here. */
export class UnreadablePayload extends Error {
  override readonly name = 'UnreadablePayload';
}

// The names and layout of Temporal's own samples, so that their tools recognise what they see.
const encoding = 'binary/encrypted';
const ivLength = 12;
const tagLength = 16;

function isEncrypted(payload: Payload): boolean {
  return keyIdOf(payload) !== undefined;
}

function encrypt(payload: Payload, { id, key }: EncryptionKey): Payload {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(id));
  const plain = proto.temporal.api.common.v1.Payload.encode(payload).finish();
  const data = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { metadata: { encoding: Buffer.from(encoding), 'encryption-key-id': Buffer.from(id) }, data };
}

function decrypt(payload: Payload, keys: ReadonlyMap<string, EncryptionKey>): Payload {
  const id = keyIdOf(payload) ?? '';
  const known = keys.get(id);
  if (!known) throw new UnreadablePayload(explainUnknown(id, keys));
  try {
    const data = Buffer.from(payload.data ?? []);
    const decipher = createDecipheriv('aes-256-gcm', known.key, data.subarray(0, ivLength), {
      authTagLength: tagLength,
    });
    decipher.setAAD(Buffer.from(id)).setAuthTag(data.subarray(-tagLength));
    const plain = Buffer.concat([decipher.update(data.subarray(ivLength, -tagLength)), decipher.final()]);
    return proto.temporal.api.common.v1.Payload.decode(plain);
  } catch (error) {
    const reason = `it is encrypted with key "${id}", and the key of that name here does not open it`;
    throw new UnreadablePayload(reason, { cause: error });
  }
}

function explainUnknown(id: string, keys: ReadonlyMap<string, EncryptionKey>): string {
  // The id comes from whoever sent the payload.
  const shown = JSON.stringify(id.slice(0, 32));
  const known = keys.size > 0 ? `the keys here are ${[...keys.keys()].join(', ')}` : 'there are no keys here';
  return `it is encrypted with key ${shown}, and ${known}: see the setting encryption.keys`;
}

function undecodable(reason: string): Payload {
  const value: Undecodable = { $undecodable: reason };
  return { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(value)) };
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
