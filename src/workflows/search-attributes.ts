import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Plan } from '../core/promotion/plan.ts';
import type { PromotionStatus } from '../core/promotion/status.ts';
import { cutText } from '../core/promotion/size.ts';

/**
 * Makes a promotion findable. Writes only what the plan says is registered: an unknown attribute would fail the workflow
 * task for ever.
 */
export function writeSearchAttributes(plan: Plan, status: PromotionStatus): void {
  write(plan, {
    GantryProject: status.project,
    GantryStage: status.stage,
    GantryFreight: plan.freight.target.name,
    GantryPhase: status.phase,
    ...(status.actor && { GantryActor: status.actor }),
  });
}

/** Writes what changes in the life of a promotion: its phase. */
export function writePhase(plan: Plan, status: PromotionStatus): void {
  write(plan, { GantryPhase: status.phase });
}

function write(plan: Plan, values: Readonly<Record<string, string>>): void {
  const pairs = Object.entries(values)
    .filter(([name]) => plan.searchAttributes.includes(name))
    .map(([name, value]) => ({
      key: { name, type: 'KEYWORD' as const },
      value: cutText(value, 250),
    }));
  if (pairs.length > 0) upsertSearchAttributes(pairs);
}
