import {
  ApplicationFailure,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcServiceError,
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
  /** The same as update `refresh`, but by the server alone: no worker has to answer, and no history grows. */
  lookNow(ref: PromotionRef): Promise<ControlAnswer>;
}

/** Controls on the namespace of a client. `patience` is how long a worker may take, in milliseconds. */
export function createControls(client: Client, patience = 15_000): PromotionControls {
  return {
    lookNow: (ref) => client.withDeadline(Date.now() + patience, () => resetWaiting(client, ref)),
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

async function resetWaiting(client: Client, { workflowId }: PromotionRef): Promise<ControlAnswer> {
  const { namespace } = client.options;
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const waiting = (raw.pendingActivities ?? []).find(
    // Other activities than those of steps never wait for long.
    ({ activityId, state }) => Number(state) === scheduled && /^\d+-/.test(activityId ?? ''),
  );
  if (!waiting) return { kind: 'refused', message: 'no step of it waits for its next attempt' };
  const execution = { workflowId, runId: raw.workflowExecutionInfo?.execution?.runId ?? '' };
  const id = waiting.activityId ?? '';
  try {
    await client.workflowService.resetActivity({ namespace, identity: 'gantry', execution, id });
  } catch (error) {
    // It has ended meanwhile: then it has looked.
    if (!isGrpcServiceError(error) || (error.code as number) !== notFound) throw error;
  }
  return { kind: 'accepted' };
}

/** An activity between two attempts, as the server numbers states. */
const scheduled = 1;

/** Of gRPC. */
const notFound = 5;

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
