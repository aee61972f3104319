import type { PromotionStatus } from '../../src/core/promotion/status.ts';

/** What `watch`, `promote` and `promotion` print with `-o json`; an empty one when nothing was printed. */
export function readPromotion(stdout: string): Partial<PromotionStatus> & { readonly workflowId?: string } {
  return JSON.parse(stdout || '{}') as Partial<PromotionStatus> & { workflowId?: string };
}
