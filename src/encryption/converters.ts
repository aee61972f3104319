import {
  DefaultFailureConverter,
  defaultPayloadConverter,
  type LoadedDataConverter,
  type PayloadCodec,
} from '@temporalio/common';
import { failureMark } from '../core/failure-mark.ts';
import { createCodec } from './codec.ts';
import type { Keyring } from './keys.ts';

/** How clients write and read payloads: what is encrypted with another key is an error that says so. */
export function createClientConverter(keys: Keyring): LoadedDataConverter {
  return createConverter(keys, createCodec(keys, 'throw'));
}

/** How workers do: what they cannot read arrives as `{$undecodable}`, and workflows encrypt messages of failures too. */
export function createWorkerConverter(keys: Keyring): LoadedDataConverter {
  const codec = createCodec(keys, 'mark');
  return createConverter(keys, keys.length === 0 ? codec : marking(codec));
}

function createConverter(keys: Keyring, codec: PayloadCodec): LoadedDataConverter {
  return {
    payloadConverter: defaultPayloadConverter,
    // Messages and stacks of failures are no payloads, unless this makes them some.
    failureConverter: new DefaultFailureConverter({ encodeCommonAttributes: keys.length > 0 }),
    payloadCodecs: [codec],
  };
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
