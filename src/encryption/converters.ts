import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { failureMark } from '../core/failure-mark.ts';
import { createCodec } from './codec.ts';
import type { Keyring } from './keys.ts';

/** How clients write and read payloads: what is encrypted with another key is an error that says so. */
export function createClientConverter(keys: Keyring): DataConverter {
  return { payloadCodecs: [createCodec(keys, 'throw')] };
}

/** How workers do: what they cannot read arrives as `{$undecodable}`; messages and stacks of failures are encrypted too. */
export function createWorkerConverter(keys: Keyring): DataConverter {
  const codec = createCodec(keys, 'mark');
  if (keys.length === 0) return { payloadCodecs: [codec] };
  return { payloadCodecs: [marking(codec)], failureConverterPath: pathOf('./failure-converter') };
}

/** The sandbox of workflows knows nothing of settings: the payloads it is given tell it to encode failures. */
function marking(codec: PayloadCodec): PayloadCodec {
  return {
    encode: (payloads) => codec.encode(payloads),
    decode: async (payloads) =>
      (await codec.decode(payloads)).map((payload) => ({
        ...payload,
        metadata: { ...payload.metadata, [failureMark]: new Uint8Array([1]) },
      })),
  };
}

/** Beside us, compiled or not. */
function pathOf(module: string): string {
  const extension = extname(fileURLToPath(import.meta.url));
  return fileURLToPath(new URL(`${module}${extension}`, import.meta.url));
}
