import { ContinueAsNew } from '@temporalio/workflow';
import { messageOf } from '../core/errors.ts';
import type { PromotionStatus } from '../core/promotion/status.ts';
import { beginPromotion } from './begin-promotion.ts';
import { closePromotion } from './close.ts';
import { continueWhenLong, findContinued, isLong, type Continued } from './continued.ts';
import { createEffects } from './create-effects.ts';
import { openDesk, type Desk } from './desk.ts';
import { pickInterpreter } from './interpreters.ts';
import { createAttributeWriter } from './search-attributes.ts';
import { startTimer } from './time-limit.ts';

/**
 * Promotes Freight to a Stage. Takes one JSON object and trusts nothing in it; closes as COMPLETED, FAILED or CANCELED
 * as the promotion ends, and answers query `status` at any time. One that becomes long goes on in a new history.
 */
export async function promotion(...args: unknown[]): Promise<PromotionStatus> {
  const continued = findContinued(args);
  const desk = openDesk(continued);
  try {
    await promote(args, continued, desk);
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    // Clients that ask for the status learn what those learn that wait for the result.
    Object.assign(desk.status, { phase: 'Errored', message: messageOf(error) });
    throw error;
  }
  return closePromotion(desk.status);
}

async function promote(
  args: readonly unknown[],
  continued: Continued | undefined,
  desk: Desk,
): Promise<void> {
  const runSteps = pickInterpreter();
  const begun = continued ?? (await beginPromotion(args, desk));
  if (!begun) return;
  const { run, files, limit } = begun;
  if (limit) desk.timer ??= startTimer(limit, desk.stopper);
  const writeAttributes = createAttributeWriter(run.plan, desk.status);
  const changed = () => {
    desk.show();
    writeAttributes();
  };
  desk.changed = changed;
  const checkpoint = () =>
    continueWhenLong(() => {
      const stop = desk.stopper.find();
      return { run, files, ...(stop && { stop }), ...(limit && { limit }) };
    });
  await runSteps(run, createEffects(run.identity, { ...desk, changed, checkpoint, isLong }), files);
  desk.timer?.cancel();
}
