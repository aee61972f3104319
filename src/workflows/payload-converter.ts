import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/workflow';
import { messageOf } from '../core/errors.ts';

/** What stands for a payload that nobody can read. */
export interface Undecodable {
  readonly $undecodable: string;
}

/**
 * Temporal's own converter, but a payload that cannot be read becomes `{$undecodable: reason}` instead of an error: an
 * error here would fail the workflow task for ever, and nobody would be told.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload: (payload) => {
    try {
      return defaultPayloadConverter.fromPayload(payload);
    } catch (error) {
      return { $undecodable: messageOf(error) } satisfies Undecodable as never;
    }
  },
};
