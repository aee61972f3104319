import { defaultPayloadConverter, type Client, type Payload } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { isObject } from '../core/json.ts';

type PendingActivity = temporal.api.workflow.v1.IPendingActivityInfo;

/** Pending activities with their last heartbeat and failure as they were before anything was encrypted. */
export function decodePending(
  { options }: Client,
  activities: readonly PendingActivity[],
): Promise<readonly PendingActivity[]> {
  const { payloadCodecs } = options.loadedDataConverter;
  const decode = async (payloads: readonly Payload[]): Promise<Payload[]> => {
    let decoded = [...payloads];
    for (const codec of payloadCodecs.toReversed()) decoded = await codec.decode(decoded);
    return decoded;
  };
  return Promise.all(
    activities.map(async ({ heartbeatDetails, lastFailure, ...activity }) => {
      const payloads = await decode(heartbeatDetails?.payloads ?? []);
      const [attributes] = await decode(
        lastFailure?.encodedAttributes ? [lastFailure.encodedAttributes] : [],
      );
      const message = attributes ? messageIn(attributes) : lastFailure?.message;
      return {
        ...activity,
        heartbeatDetails: { payloads },
        lastFailure: { ...lastFailure, message: message ?? '' },
      };
    }),
  );
}

function messageIn(attributes: Payload): string | undefined {
  const value = defaultPayloadConverter.fromPayload<unknown>(attributes);
  return isObject(value) && typeof value['message'] === 'string' ? value['message'] : undefined;
}
