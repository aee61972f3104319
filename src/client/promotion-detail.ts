import type { PromotionStatus } from '../core/promotion/status.ts';
import { isOpen } from './find-promotion.ts';
import type { Session } from './open-promotions.ts';
import { withJournals, type SeenStatus } from './pending.ts';
import type { PromotionRow } from './promotion-row.ts';
import { explainTrouble } from './trouble.ts';

/** Everything that is known of one promotion. */
export interface PromotionDetail {
  readonly row: PromotionRow;
  /** Absent when no worker tells it and the promotion left none behind. */
  readonly status?: SeenStatus;
  /** Why something is not known, or how it ended without a result of its own. */
  readonly note?: string;
}

/** Asks the promotion itself, and the server for what only that knows; both within the time, in milliseconds. */
export async function readDetail(
  { promotions }: Pick<Session, 'promotions'>,
  row: PromotionRow,
  patience = 5000,
): Promise<PromotionDetail> {
  const told = await askStatus(() => promotions.status(row, patience));
  if (isOpen(row)) {
    if (!told.status) return { row, note: told.trouble };
    const journals = await promotions.journals(row).catch(() => []);
    return { row, status: withJournals(told.status, journals) };
  }
  // How it closed is certain; what it said last may be older than that.
  const end = await promotions.outcome(row, AbortSignal.timeout(patience)).catch(() => undefined);
  if (end && end.kind !== 'finished') {
    return { row, ...(told.status && { status: told.status }), note: end.message };
  }
  const status = told.status ?? end?.status;
  return status ? { row, status } : { row, note: told.trouble ?? noWorker };
}

type Told =
  | { readonly status: PromotionStatus; readonly trouble?: never }
  | { readonly status?: never; readonly trouble: string };

async function askStatus(ask: () => Promise<PromotionStatus>): Promise<Told> {
  try {
    return { status: await ask() };
  } catch (error) {
    const trouble = explainTrouble(error);
    if (trouble.kind === 'worker-missing') return { trouble: noWorker };
    return { trouble: trouble.message };
  }
}

const noWorker =
  'Its steps are not known: no worker answers. Start one with `gantry worker` or `gantry dev`, and look again.';
