import { Buffer } from 'node:buffer';
import type { Payload } from '@temporalio/common';
import { isObject } from '../core/json.ts';

/** The payloads in `{"payloads": […]}` as Temporal's tools send them; undefined when it is something else. */
export function parsePayloads(text: string): Payload[] | undefined {
  const body = parseJson(text);
  if (!isObject(body) || !Array.isArray(body['payloads'])) return undefined;
  const payloads = body['payloads'].map(parsePayload);
  return payloads.every((payload) => payload !== undefined) ? payloads : undefined;
}

/** The same for the way back. */
export function formatPayloads(payloads: readonly Payload[]): string {
  return JSON.stringify({
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, toBase64(value)]),
      ),
      ...(data?.length && { data: toBase64(data) }),
    })),
  });
}

function parsePayload(value: unknown): Payload | undefined {
  if (!isObject(value)) return undefined;
  const { metadata = {}, data = '' } = value;
  if (!isObject(metadata) || typeof data !== 'string') return undefined;
  const entries = Object.entries(metadata).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    metadata: Object.fromEntries(entries.map(([name, text]) => [name, Buffer.from(text, 'base64')])),
    data: Buffer.from(data, 'base64'),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
