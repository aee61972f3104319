import type { StepRecord } from '../core/promotion/status.ts';
import type { PromotionEvent } from './events.ts';
import type { SeenRecord, SeenStatus } from './pending.ts';

/** What happened between two looks at a promotion; without an earlier look, all that happened so far. */
export function changesBetween(before: SeenStatus | undefined, after: SeenStatus): PromotionEvent[] {
  return [
    ...planned(before, after),
    ...after.stepExecutionMetadata.flatMap((record) => stepChanges(findRecord(before, record), record)),
    ...commits(before, after),
    ...waiting(before, after),
  ];
}

/** Says whether the plan is made: from then on the promotion is known to be valid. */
export function isPlanned(status: SeenStatus | undefined): boolean {
  return status?.definitions !== undefined;
}

function planned(before: SeenStatus | undefined, after: SeenStatus): PromotionEvent[] {
  if (isPlanned(before) || !isPlanned(after)) return [];
  const { stage, freight, steps, definitions } = after;
  const known = { ...(freight && { freight }), ...(steps && { steps }), ...(definitions && { definitions }) };
  return [{ kind: 'planned', stage, ...known }];
}

/** By alias: a result that was cut may have lost records. */
function findRecord(status: SeenStatus | undefined, { alias }: StepRecord): SeenRecord | undefined {
  return status?.stepExecutionMetadata.find((record) => record.alias === alias);
}

function stepChanges(before: SeenRecord | undefined, after: SeenRecord): PromotionEvent[] {
  const events: PromotionEvent[] = [];
  const step = after.alias;
  const ran = after.status === 'Running' || after.startedAt !== undefined;
  if (ran && !before?.startedAt && before?.status !== 'Running') {
    events.push({ kind: 'step-started', step, ...(after.startedAt && { at: after.startedAt }) });
  }
  if (after.status === 'Running' && after.errorCount > (before?.errorCount ?? 0)) {
    const message = after.journal?.recent.at(-1)?.message ?? after.message;
    const more = { ...(message && { message }), ...(after.retryAt && { retryAt: after.retryAt }) };
    events.push({ kind: 'step-trouble', step, errors: after.errorCount, ...more });
  }
  if (after.status === 'Running' && after.waiting && after.waiting !== before?.waiting) {
    events.push({ kind: 'step-waiting', step, message: after.waiting });
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

function commits(before: SeenStatus | undefined, after: SeenStatus): PromotionEvent[] {
  const known = new Set(before?.commits.map(({ step, sha }) => `${step} ${sha}`));
  const fresh = after.commits.filter(({ step, sha }) => !known.has(`${step} ${sha}`));
  return fresh.map((commit) => ({ kind: 'commit-pushed', commit }));
}

function waiting(before: SeenStatus | undefined, after: SeenStatus): PromotionEvent[] {
  const [earlier, waitingFor] = [before?.waitingFor, after.waitingFor];
  if (JSON.stringify(earlier) === JSON.stringify(waitingFor)) return [];
  return [
    ...(earlier ? [{ kind: 'waiting-over', waitingFor: earlier } as const] : []),
    ...(waitingFor ? [{ kind: 'waiting', waitingFor } as const] : []),
  ];
}
