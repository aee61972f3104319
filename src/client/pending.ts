import { defaultPayloadConverter } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { isObject } from '../core/json.ts';
import type { Journal, PromotionStatus, StepRecord } from '../core/promotion/status.ts';

/** What the attempts of a step under way left behind so far. */
export interface PendingJournal {
  readonly alias: string;
  readonly errors: number;
  /** Of the last attempt that ended in an error. */
  readonly message?: string;
  /** What the last look did not find yet. */
  readonly waiting?: string;
  /** When the next attempt begins, RFC 3339; absent while one is under way. */
  readonly retryAt?: string;
  readonly journal: Journal;
}

/** A record with what only the server knows while the step is under way. */
export interface SeenRecord extends StepRecord {
  readonly waiting?: string;
  readonly retryAt?: string;
}

/** A status as a look at the promotion saw it. */
export interface SeenStatus extends Omit<PromotionStatus, 'stepExecutionMetadata'> {
  readonly stepExecutionMetadata: readonly SeenRecord[];
}

type PendingActivity = temporal.api.workflow.v1.IPendingActivityInfo;

/** Reads the journals of pending steps: activity ids are `<index>-<alias>`. A step in its first attempt has none. */
export function findJournals(activities: readonly PendingActivity[]): readonly PendingJournal[] {
  return activities.flatMap((activity) => {
    const alias = /^\d+-(.+)$/s.exec(activity.activityId ?? '')?.[1];
    const found = journalOf(activity);
    if (!alias || !found || (!found.errors && !found.waiting)) return [];
    const { waiting, ...journal } = found;
    const message = journal.recent.at(-1)?.message ?? activity.lastFailure?.message ?? undefined;
    const retryAt = instantOf(activity.nextAttemptScheduleTime);
    return [
      {
        alias,
        errors: journal.errors,
        journal,
        ...(message && { message }),
        ...(waiting && { waiting }),
        ...(retryAt && { retryAt }),
      },
    ];
  });
}

/** The status with what is known of the steps that run: their journals, and errors that were counted before. */
export function withJournals(
  status: PromotionStatus,
  journals: readonly PendingJournal[],
  seen?: SeenStatus,
): SeenStatus {
  const stepExecutionMetadata = status.stepExecutionMetadata.map((record): SeenRecord => {
    if (record.status !== 'Running') return record;
    const found = journals.find(({ alias }) => alias === record.alias);
    const known = seen?.stepExecutionMetadata.find(
      ({ alias, retriedAt }) => alias === record.alias && retriedAt === record.retriedAt,
    );
    const errorCount = Math.max(record.errorCount, found?.errors ?? 0, known?.errorCount ?? 0);
    const waiting = found?.waiting ?? known?.waiting;
    const { journal, retryAt } = found ?? {};
    return {
      ...record,
      errorCount,
      ...(journal && { journal }),
      ...(waiting && { waiting }),
      ...(retryAt && { retryAt }),
    };
  });
  return { ...status, stepExecutionMetadata };
}

function journalOf({ heartbeatDetails }: PendingActivity): (Journal & { waiting?: string }) | undefined {
  const payload = heartbeatDetails?.payloads?.[0];
  if (!payload) return undefined;
  try {
    const value = defaultPayloadConverter.fromPayload<unknown>(payload);
    if (!isObject(value) || !Array.isArray(value['recent'])) return undefined;
    return value as unknown as Journal & { waiting?: string };
  } catch {
    return undefined;
  }
}

function instantOf(time: PendingActivity['nextAttemptScheduleTime']): string | undefined {
  const seconds = Number(time?.seconds ?? 0);
  return seconds > 0 ? new Date(seconds * 1000 + (time?.nanos ?? 0) / 1e6).toISOString() : undefined;
}
