import { ApplicationFailure, CancelledFailure } from '@temporalio/workflow';
import { failureTypes } from '../core/promotion/calls.ts';
import { limits } from '../core/promotion/limits.ts';
import { failureDetailsOf, resultOf } from '../core/promotion/result.ts';
import { cutText } from '../core/promotion/size.ts';
import type { PromotionStatus } from '../core/promotion/status.ts';

/** Ends the workflow as the promotion ended: returns the result of one that succeeded, throws for the others. */
export function closePromotion(status: PromotionStatus): PromotionStatus {
  switch (status.phase) {
    case 'Succeeded':
      return resultOf(status);
    case 'Aborted':
      return closeCanceled(status);
    case 'Failed':
      throw createFailure(
        failureTypes.failed,
        status.message ?? 'Promotion failed',
        failureDetailsOf(status),
      );
    default:
      throw createFailure(
        failureTypes.errored,
        status.message ?? 'Promotion errored',
        failureDetailsOf(status),
      );
  }
}

/** A failure for people: no stack, since clients print it below the message and say everything twice. */
export function createFailure(type: string, message: string, ...details: unknown[]): ApplicationFailure {
  const failure = ApplicationFailure.nonRetryable(cutText(message, limits.message), type, ...details);
  failure.stack = '';
  return failure;
}

/**
 * Closes as CANCELED. The SDK does that only after a cancel request from outside, but an abort comes as an update: so it
 * is told that there was one. The server needs no request.
 */
function closeCanceled({ message }: PromotionStatus): never {
  const { __TEMPORAL_ACTIVATOR__: activator } = globalThis as unknown as {
    __TEMPORAL_ACTIVATOR__: { cancelled: boolean };
  };
  activator.cancelled = true;
  throw new CancelledFailure(message ?? 'Promotion aborted');
}
