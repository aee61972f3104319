import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowFailedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { failureTypes, queues } from '../core/promotion/calls.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { messageOf } from '../core/errors.ts';
import type { PromotionStatus } from '../core/promotion/status.ts';
import type { FinalEvent } from './events.ts';
import { decodePending } from './decode-pending.ts';
import { findJournals, type PendingJournal } from './pending.ts';
import { createUlid } from './ulid.ts';

/** Names one promotion: the workflow id, and the run it began with when that is known. */
export interface PromotionRef {
  readonly workflowId: string;
  readonly runId?: string;
}

/** Starts, watches and ends promotions: the only place that knows workflow ids. Errors are Temporal's own. */
export interface Promotions {
  /** Starts the workflow under an id that says what is promoted. */
  start(request: JsonObject): Promise<Required<PromotionRef>>;
  /** Answer of query `status`; needs a worker, and waits for one no longer than `patience` milliseconds when given. */
  status(ref: PromotionRef, patience?: number): Promise<PromotionStatus>;
  /** Waits for the end, however long it takes, and says how it ended. Rejects when the signal fires. */
  outcome(ref: PromotionRef, signal: AbortSignal): Promise<FinalEvent>;
  /** Journals of the steps under way, by alias: what the server knows before the workflow does. */
  journals(ref: PromotionRef): Promise<readonly PendingJournal[]>;
  /** Ends it, clean-up steps included; needs a worker. */
  abort(ref: PromotionRef, by: { readonly actor: string; readonly reason?: string }): Promise<void>;
}

/** Promotions on the namespace of a client. */
export function createPromotions(client: Client): Promotions {
  const handleOf = ({ workflowId, runId }: PromotionRef): WorkflowHandle =>
    client.workflow.getHandle(workflowId, undefined, runId ? { firstExecutionRunId: runId } : {});
  return {
    async start(request) {
      const workflowId = workflowIdOf(request);
      const handle = await client.workflow.start('promotion', {
        workflowId,
        taskQueue: queues.main,
        args: [request],
        staticSummary: `Promote ${textOf(request['freight'])} to ${textOf(request['stage'])}`,
      });
      return { workflowId, runId: handle.firstExecutionRunId };
    },
    status(ref, patience) {
      const ask = () => handleOf(ref).query<PromotionStatus>('status');
      return patience === undefined ? ask() : client.withDeadline(Date.now() + patience, ask);
    },
    outcome: (ref, signal) => client.withAbortSignal(signal, () => outcomeOf(handleOf(ref))),
    async journals(ref) {
      const { raw } = await handleOf(ref).describe();
      return findJournals(await decodePending(client, raw.pendingActivities ?? []));
    },
    async abort(ref, by) {
      await handleOf(ref).executeUpdate('abort', { args: [by] });
    },
  };
}

/** The id of a new promotion: `promotion/<project>/<stage>/<name>`; its last part is the promotion's name. */
export function workflowIdOf(request: JsonObject): string {
  return ['promotion', textOf(request['project']), textOf(request['stage']), createUlid()].join('/');
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const target = Array.isArray(value) ? (value[0] as unknown) : value;
  if (!isObject(target)) return 'freight';
  const { alias, name } = target;
  return typeof alias === 'string' ? alias : typeof name === 'string' ? name : 'freight';
}

async function outcomeOf(handle: WorkflowHandle): Promise<FinalEvent> {
  try {
    return { kind: 'finished', status: (await handle.result()) as PromotionStatus };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return failureOf(error.cause, handle);
  }
}

async function failureOf(cause: unknown, handle: WorkflowHandle): Promise<FinalEvent> {
  if (cause instanceof ApplicationFailure) return applicationFailureOf(cause);
  if (cause instanceof CancelledFailure) return { kind: 'finished', status: await lastStatus(handle) };
  if (cause instanceof TerminatedFailure) {
    return {
      kind: 'lost',
      message: `The promotion was terminated: ${cause.message}. Nothing was cleaned up.`,
    };
  }
  if (cause instanceof TimeoutFailure) return { kind: 'lost', message: 'The workflow ran into its timeout.' };
  return { kind: 'lost', message: messageOf(cause) };
}

function applicationFailureOf(failure: ApplicationFailure): FinalEvent {
  if (failure.type !== failureTypes.failed && failure.type !== failureTypes.errored) {
    const kind = failure.type === failureTypes.invalid ? 'refused' : 'lost';
    return { kind, message: failure.message };
  }
  const result = failure.details?.[0];
  const phase = failure.type === failureTypes.failed ? 'Failed' : 'Errored';
  const status = isObject(result)
    ? (result as unknown as PromotionStatus)
    : emptyStatus(phase, failure.message);
  return { kind: 'finished', status };
}

/** An aborted promotion leaves its result in the query; without a worker only the phase is known. */
async function lastStatus(handle: WorkflowHandle): Promise<PromotionStatus> {
  try {
    return await handle.query<PromotionStatus>('status');
  } catch {
    return emptyStatus('Aborted', 'aborted');
  }
}

function emptyStatus(phase: PromotionStatus['phase'], message: string): PromotionStatus {
  const unknown = { name: '', project: '', stage: '', currentStep: 0 };
  return { ...unknown, phase, message, stepExecutionMetadata: [], healthChecks: [], commits: [] };
}
