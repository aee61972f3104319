import type { SearchAttributePair } from '@temporalio/common';
import { upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { Plan } from '../core/promotion/plan.ts';
import type { PromotionStatus } from '../core/promotion/status.ts';
import { cutText } from '../core/promotion/size.ts';

/**
 * Keeps a promotion findable: all attributes at the first call, its phase and its pull requests whenever they have
 * changed. Writes only what the plan says is registered: an unknown attribute would fail the workflow task for ever. Pull
 * requests stand in the memo too, where nothing has to be registered.
 */
export function createAttributeWriter(plan: Plan, status: PromotionStatus): () => void {
  let written: Partial<Pick<PromotionStatus, 'phase' | 'pullRequests'>> = {};
  return () => {
    const { phase, pullRequests } = status;
    if (phase !== written.phase) write(plan, phaseValues(plan, status, written.phase === undefined));
    if (pullRequests !== written.pullRequests) {
      write(plan, { GantryPullRequest: pullRequests });
      upsertMemo({ pullRequests });
    }
    written = { phase, ...(pullRequests && { pullRequests }) };
  };
}

type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

function phaseValues(
  plan: Plan,
  { phase, project, stage, actor }: PromotionStatus,
  isFirst: boolean,
): Values {
  if (!isFirst) return { GantryPhase: phase };
  return {
    GantryPhase: phase,
    GantryProject: project,
    GantryStage: stage,
    GantryFreight: plan.freight.target.name,
    ...(actor && { GantryActor: actor }),
  };
}

function write(plan: Plan, values: Values): void {
  const pairs = Object.entries(values)
    .filter(([name]) => plan.searchAttributes.includes(name))
    .flatMap(([name, value]) => (value === undefined ? [] : [pairOf(name, value)]));
  if (pairs.length > 0) upsertSearchAttributes(pairs);
}

function pairOf(name: string, value: string | readonly string[]): SearchAttributePair {
  return typeof value === 'string'
    ? { key: { name, type: 'KEYWORD' }, value: cutText(value, 250) }
    : { key: { name, type: 'KEYWORD_LIST' }, value: [...value] };
}
