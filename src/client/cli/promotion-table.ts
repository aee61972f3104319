import { formatDuration } from '../../core/duration.ts';
import type { WaitingFor } from '../../core/promotion/status.ts';
import { plainText } from '../present/width.ts';
import { shortNameOf, type PromotionRow } from '../promotion-row.ts';
import { formatAge } from './ages.ts';
import { formatTable } from './table.ts';

/** Promotions for people; what is not known is `-`. */
export function promotionTable(rows: readonly PromotionRow[], now: number): string {
  return formatTable(
    ['PROMOTION', 'PROJECT', 'STAGE', 'PHASE', 'FREIGHT', 'ACTOR', 'AGE', 'TOOK'],
    rows.map((row) => {
      const { project, stage, freight, actor, startedAt, finishedAt } = row;
      const took = finishedAt ? formatDuration(Date.parse(finishedAt) - Date.parse(startedAt)) : undefined;
      const age = formatAge(startedAt, now);
      const cells = [
        shortNameOf(row),
        project,
        stage,
        phaseText(row),
        freight?.slice(0, 7),
        actor,
        age,
        took,
      ];
      return cells.map((cell) => plainText(cell || '-').replaceAll('\n', ' '));
    }),
  );
}

/** The phase, and what a promotion under way needs somebody for. */
function phaseText({ phase, waitingFor }: PromotionRow): string {
  const why = waitingFor && waitText(waitingFor);
  return why ? `${phase}, ${why}` : phase;
}

function waitText(waitingFor: WaitingFor): string {
  switch (waitingFor.kind) {
    case 'turn':
      return 'waits for its turn';
    case 'step':
      return `waits at ${waitingFor.step}`;
    case 'decision':
      return `held at ${waitingFor.step}`;
    default:
      return `paused by ${waitingFor.actor}`;
  }
}
