import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Plan } from '../core/promotion/plan.ts';
import type { PromotionStatus } from '../core/promotion/status.ts';
import { cutText } from '../core/promotion/size.ts';

/**
 * Keeps a promotion findable: all attributes at the first call, its phase whenever it has changed. Writes only what the
 * plan says is registered: an unknown attribute would fail the workflow task for ever.
 */
export function createAttributeWriter(plan: Plan, status: PromotionStatus): () => void {
  let written: PromotionStatus['phase'] | undefined;
  return () => {
    if (status.phase === written) return;
    const { project, stage, actor } = status;
    const lasting = {
      GantryProject: project,
      GantryStage: stage,
      GantryFreight: plan.freight.target.name,
      ...(actor && { GantryActor: actor }),
    };
    write(plan, { GantryPhase: status.phase, ...(written === undefined && lasting) });
    written = status.phase;
  };
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
