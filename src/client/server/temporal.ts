import { Client, Connection, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import type { JsonObject } from '../../core/json.ts';
import { createClientConverter } from '../../encryption/converters.ts';
import type { Target } from '../connect.ts';
import { createPromotionFinder, type RingablePromotion } from './doorbells/find-promotions.ts';

/** Temporal as the server uses it: every question is answered within seconds, or fails. */
export interface ServerTemporal {
  /** Resolves when the namespace answers. */
  check(): Promise<void>;
  find(keys: readonly string[]): Promise<readonly RingablePromotion[]>;
  /** Signal `pullRequest`; a promotion that is over, or was deleted, hears nothing. */
  signal(workflowId: string, hint: JsonObject): Promise<void>;
  close(): Promise<void>;
}

/** Connects at the first question, and again by itself whenever the connection was lost. */
export function openServerTemporal({ options, namespace, keys }: Target): ServerTemporal {
  // Whoever asks gets an answer at once: hosts do not wait for the third attempt.
  const connection = Connection.lazy({ ...options, connectTimeout: patience, interceptors: [] });
  const client = new Client({ connection, namespace, dataConverter: createClientConverter(keys ?? []) });
  const within = <T>(ask: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + patience, ask);
  return {
    async check() {
      await within(() => client.workflowService.describeNamespace({ namespace }));
    },
    find: createPromotionFinder(client),
    async signal(workflowId, hint) {
      try {
        await within(() => client.workflow.getHandle(workflowId).signal('pullRequest', hint));
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
    close: () => connection.close(),
  };
}

/** Says in Temporal's own words why it did not answer. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (isGrpcServiceError(cause)) return cause.details || cause.message;
  return cause instanceof Error ? cause.message : String(cause);
}

/** Milliseconds. */
const patience = 3000;
