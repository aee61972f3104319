import type { PromotionStatus, StepRecord } from '../core/promotion/status.ts';
import type { PromotionEvent } from './events.ts';

/** What happened between two looks at a promotion; without an earlier look, all that happened so far. */
export function changesBetween(
  before: PromotionStatus | undefined,
  after: PromotionStatus,
): PromotionEvent[] {
  return [
    ...planned(before, after),
    ...after.stepExecutionMetadata.flatMap((record) => stepChanges(findRecord(before, record), record)),
    ...commits(before, after),
    ...waiting(before, after),
  ];
}

/** Says whether the plan is made: from then on the promotion is known to be valid. */
export function isPlanned(status: PromotionStatus | undefined): boolean {
  return status?.definitions !== undefined;
}

function planned(before: PromotionStatus | undefined, after: PromotionStatus): PromotionEvent[] {
  if (isPlanned(before) || !isPlanned(after)) return [];
  const { stage, freight, definitions } = after;
  return [{ kind: 'planned', stage, ...(freight && { freight }), ...(definitions && { definitions }) }];
}

/** By alias: a result that was cut may have lost records. */
function findRecord(status: PromotionStatus | undefined, { alias }: StepRecord): StepRecord | undefined {
  return status?.stepExecutionMetadata.find((record) => record.alias === alias);
}

function stepChanges(before: StepRecord | undefined, after: StepRecord): PromotionEvent[] {
  const events: PromotionEvent[] = [];
  const step = after.alias;
  const ran = after.status === 'Running' || after.startedAt !== undefined;
  if (ran && !before?.startedAt && before?.status !== 'Running') {
    events.push({ kind: 'step-started', step, ...(after.startedAt && { at: after.startedAt }) });
  }
  if (after.status === 'Running' && after.errorCount > (before?.errorCount ?? 0)) {
    const message = after.journal?.recent.at(-1)?.message ?? after.message;
    events.push({ kind: 'step-trouble', step, errors: after.errorCount, ...(message && { message }) });
  }
  if (after.status && after.status !== 'Running' && before?.status !== after.status) {
    events.push({
      kind: 'step-finished',
      step,
      status: after.status,
      ...(after.message && { message: after.message }),
      ...durationOf(after),
    });
  }
  return events;
}

function durationOf({ startedAt, finishedAt }: StepRecord): { duration?: number } {
  if (!startedAt || !finishedAt) return {};
  return { duration: Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) };
}

function commits(before: PromotionStatus | undefined, after: PromotionStatus): PromotionEvent[] {
  const known = new Set(before?.commits.map(({ step, sha }) => `${step} ${sha}`));
  const fresh = after.commits.filter(({ step, sha }) => !known.has(`${step} ${sha}`));
  return fresh.map((commit) => ({ kind: 'commit-pushed', commit }));
}

function waiting(before: PromotionStatus | undefined, after: PromotionStatus): PromotionEvent[] {
  const { waitingFor } = after;
  if (!waitingFor || JSON.stringify(before?.waitingFor) === JSON.stringify(waitingFor)) return [];
  return [{ kind: 'waiting', waitingFor }];
}
