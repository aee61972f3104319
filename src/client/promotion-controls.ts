import {
  ApplicationFailure,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { messageOf } from '../core/errors.ts';
import type { Control, ControlCalls } from '../core/promotion/control.ts';
import type { PromotionStatus } from '../core/promotion/status.ts';
import type { PromotionRef } from './promotions.ts';

/** What became of an update. */
export type ControlAnswer =
  /** It stands in the promotion's history. The status right after it is known while a worker answers. */
  | { readonly kind: 'accepted'; readonly status?: PromotionStatus }
  /** The promotion said no, and why; nothing has changed. */
  | { readonly kind: 'refused'; readonly message: string }
  /** No worker took it in time. It was not stored; one that comes soon may still take it. */
  | { readonly kind: 'unanswered' };

/** Operates promotions under way, whoever started them. */
export interface PromotionControls {
  /** Waits until the promotion has taken the update or refused it. Other errors are Temporal's own. */
  send<Kind extends Control>(ref: PromotionRef, kind: Kind, call: ControlCalls[Kind]): Promise<ControlAnswer>;
}

/** Controls on the namespace of a client. `patience` is how long a worker may take, in milliseconds. */
export function createControls(client: Client, patience = 15_000): PromotionControls {
  return {
    async send({ workflowId }, kind, call) {
      const handle = client.workflow.getHandle(workflowId);
      try {
        const args: [unknown] = [call];
        await client.withDeadline(Date.now() + patience, () => handle.executeUpdate(kind, { args }));
      } catch (error) {
        return answerOf(error);
      }
      try {
        const ask = () => handle.query<PromotionStatus>('status');
        return { kind: 'accepted', status: await client.withDeadline(Date.now() + 3000, ask) };
      } catch {
        return { kind: 'accepted' };
      }
    },
  };
}

function answerOf(error: unknown): ControlAnswer {
  if (error instanceof WorkflowNotFoundError) {
    return { kind: 'refused', message: 'the promotion has already ended' };
  }
  if (error instanceof WorkflowUpdateFailedError) {
    const { cause } = error;
    // The update was taken, and was the last thing that the promotion did.
    if (cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow') {
      return { kind: 'accepted' };
    }
    return { kind: 'refused', message: messageOf(cause) };
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return { kind: 'unanswered' };
  throw error;
}
