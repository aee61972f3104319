import { defaultPayloadConverter } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { isObject } from '../core/json.ts';
import type { Journal, PromotionStatus } from '../core/promotion/status.ts';

/** What the attempts of a step under way left behind so far. */
export interface PendingJournal {
  readonly alias: string;
  readonly errors: number;
  /** Of the last attempt that ended in an error. */
  readonly message?: string;
  readonly journal?: Journal;
}

type PendingActivity = temporal.api.workflow.v1.IPendingActivityInfo;

/** Reads the journals of pending steps: activity ids are `<index>-<alias>`. Steps without trouble have none. */
export function findJournals(activities: readonly PendingActivity[]): readonly PendingJournal[] {
  return activities.flatMap((activity) => {
    const alias = /^\d+-(.+)$/s.exec(activity.activityId ?? '')?.[1];
    const journal = journalOf(activity);
    const message = journal?.recent.at(-1)?.message ?? activity.lastFailure?.message ?? undefined;
    if (!alias || !journal?.errors) return [];
    return [{ alias, errors: journal.errors, journal, ...(message && { message }) }];
  });
}

/** The status with what is known of the steps that run: their journals, and errors that were counted before. */
export function withJournals(
  status: PromotionStatus,
  journals: readonly PendingJournal[],
  seen?: PromotionStatus,
): PromotionStatus {
  const stepExecutionMetadata = status.stepExecutionMetadata.map((record) => {
    if (record.status !== 'Running') return record;
    const found = journals.find(({ alias }) => alias === record.alias);
    const known = seen?.stepExecutionMetadata.find(({ alias }) => alias === record.alias);
    const errorCount = Math.max(record.errorCount, found?.errors ?? 0, known?.errorCount ?? 0);
    return { ...record, errorCount, ...(found?.journal && { journal: found.journal }) };
  });
  return { ...status, stepExecutionMetadata };
}

function journalOf({ heartbeatDetails }: PendingActivity): Journal | undefined {
  const payload = heartbeatDetails?.payloads?.[0];
  if (!payload) return undefined;
  try {
    const value = defaultPayloadConverter.fromPayload<unknown>(payload);
    return isObject(value) && Array.isArray(value['recent']) ? (value as unknown as Journal) : undefined;
  } catch {
    return undefined;
  }
}
