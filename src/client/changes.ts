import type { Decision } from '../core/promotion/control.ts';
import type { StepRecord, WaitingFor } from '../core/promotion/status.ts';
import type { PromotionEvent } from './events.ts';
import type { SeenRecord, SeenStatus } from './pending.ts';

/** What happened between two looks at a promotion; without an earlier look, all that happened so far. */
export function changesBetween(before: SeenStatus | undefined, after: SeenStatus): PromotionEvent[] {
  return [
    ...planned(before, after),
    ...decisions(before, after),
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

function stepChanges(known: SeenRecord | undefined, after: SeenRecord): PromotionEvent[] {
  // People had it run again: what was known is of another life.
  const before = known?.retriedAt === after.retriedAt ? known : undefined;
  const events: PromotionEvent[] = [];
  const step = after.alias;
  const ran = after.status === 'Running' || after.startedAt !== undefined;
  if (ran && !before?.startedAt && before?.status !== 'Running') {
    const at = after.retriedAt ?? after.startedAt;
    events.push({ kind: 'step-started', step, ...(at && { at }) });
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

function durationOf({ startedAt, retriedAt = startedAt, finishedAt }: StepRecord): { duration?: number } {
  if (!retriedAt || !finishedAt) return {};
  return { duration: Math.max(0, Date.parse(finishedAt) - Date.parse(retriedAt)) };
}

function decisions(before: SeenStatus | undefined, after: SeenStatus): PromotionEvent[] {
  const keyOf = ({ at, kind, actor }: Decision): string => `${at} ${kind} ${actor}`;
  const known = new Set(before?.decisions?.map(keyOf));
  return (after.decisions ?? []).filter((decision) => !known.has(keyOf(decision))).map(tellDecision);
}

function tellDecision({ kind, at, actor, reason, step }: Decision): PromotionEvent {
  const by = { actor, ...(reason && { reason }), at };
  if (kind === 'pause') return { kind: 'paused', ...by };
  if (kind === 'resume') return { kind: 'resumed', ...by };
  return { kind: 'decided', decision: kind, ...by, ...(step && { step }) };
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
    ...(waitingFor ? [tellWait(waitingFor)] : []),
  ];
}

function tellWait(waitingFor: WaitingFor): PromotionEvent {
  if (waitingFor.kind !== 'decision') return { kind: 'waiting', waitingFor };
  const { step, since, options } = waitingFor;
  return { kind: 'held', step, since, options };
}
