import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { messageOf } from '../core/errors.ts';
import { UnreadablePayload } from '../encryption/codec.ts';
import type { ConnectionLost, Lost, WorkerMissing } from './events.ts';

/** Why a look at a promotion failed. Only `lost` is final. */
export type Trouble = WorkerMissing | ConnectionLost | Lost;

/** Tells a missing worker, a lost connection and a promotion that does not exist apart. */
export function explainTrouble(error: unknown): Trouble {
  if (error instanceof WorkflowNotFoundError) {
    return { kind: 'lost', message: 'Temporal does not know this promotion (any more).' };
  }
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const unreadable = [error, cause].find((one) => one instanceof UnreadablePayload);
  if (unreadable) return { kind: 'lost', message: `The promotion cannot be read: ${messageOf(unreadable)}` };
  if (!isGrpcServiceError(cause)) return { kind: 'connection-lost', message: messageOf(error) };
  if (noWorker.has(cause.code)) return { kind: 'worker-missing' };
  return { kind: 'connection-lost', message: cause.details || cause.message };
}

/**
 * CANCELLED, DEADLINE_EXCEEDED and FAILED_PRECONDITION: the server answers, but nobody answers the query. The server cancels
 * a call whose deadline has passed when it notices before the client does.
 */
const noWorker: ReadonlySet<number> = new Set([1, 4, 9]);
