import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/workflow';
import { messageOf } from '../core/errors.ts';
import { failureMark } from '../core/failure-mark.ts';
import type { Undecodable } from '../core/undecodable.ts';

let marked = false;

/** Whether this worker encrypts: its payloads say so, and the first one comes before anything can fail. */
export function encodesFailures(): boolean {
  return marked;
}

/**
 * Temporal's own converter, but a payload that cannot be read becomes `{$undecodable: reason}` instead of an error: an
 * error here would fail the workflow task for ever, and nobody would be told.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload: (payload) => {
    marked ||= payload.metadata?.[failureMark] !== undefined;
    try {
      return defaultPayloadConverter.fromPayload(payload);
    } catch (error) {
      return { $undecodable: messageOf(error) } satisfies Undecodable as never;
    }
  },
};
