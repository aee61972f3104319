import type { Caller, Decision } from './control.ts';
import { cutText } from './size.ts';
import type { PromotionStatus, StepRecord } from './status.ts';

/** Keeps what people decided, the newest 50 with at most 500 characters of reason each: the history has it in full. */
export function noteDecision(status: PromotionStatus, { reason, ...decision }: Decision): void {
  const note = { ...decision, ...(reason && { reason: cutText(reason, maximumReason) }) };
  status.decisions = [...(status.decisions ?? []), note].slice(-maximumDecisions);
}

/** Makes the record of a step that failed that of one under way, and keeps how it ended. */
export function reopenRecord(record: StepRecord, at: string): void {
  keepEnd(record);
  record.errorCount = 0;
  // One whose condition was the fault never started.
  if (record.startedAt) record.retriedAt = at;
}

/** Makes the record of a step that failed that of one left out, and keeps how it ended. */
export function skipRecord(record: StepRecord, at: string, { actor, reason }: Caller): void {
  keepEnd(record);
  record.status = 'Skipped';
  record.message = cutText(`skipped by ${actor}${reason ? `: ${reason}` : ''}`, maximumMessage);
  record.finishedAt = at;
}

function keepEnd(record: StepRecord): void {
  const { status, message, finishedAt } = record;
  const end = {
    status: status ?? 'Errored',
    ...(message && { message: cutText(message, maximumMessage) }),
    ...(finishedAt && { finishedAt }),
  };
  record.earlier = [...(record.earlier ?? []), end].slice(-maximumEnds);
  delete record.status;
  delete record.message;
  delete record.finishedAt;
  delete record.journal;
  delete record.log;
}

const maximumDecisions = 50;
const maximumReason = 500;
const maximumEnds = 5;
const maximumMessage = 1000;
