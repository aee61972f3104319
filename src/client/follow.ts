import { setTimeout as sleep } from 'node:timers/promises';
import { changesBetween } from './changes.ts';
import type { FinalEvent, PromotionEvent } from './events.ts';
import { withJournals, type SeenStatus } from './pending.ts';
import type { PromotionRef, Promotions } from './promotions.ts';
import { explainTrouble, type Trouble } from './trouble.ts';

/** How to follow. */
export interface FollowOptions {
  /** Stops following; the promotion goes on. */
  readonly signal: AbortSignal;
  /** Milliseconds between two looks while things happen. Default 300; much longer when nothing changes. */
  readonly interval?: number;
}

/**
 * Tells what happens to a promotion, from its beginning to its end or until the signal fires, whoever started it.
 * Survives lost connections and missing workers. Throws nothing.
 */
export async function* follow(
  promotions: Promotions,
  ref: PromotionRef,
  { signal, interval = 300 }: FollowOptions,
): AsyncGenerator<PromotionEvent, void> {
  const end = awaitEnd(promotions, ref, signal);
  let seen: SeenStatus | undefined;
  let trouble: Trouble | undefined;
  for (let quiet = 0; ; quiet += 1) {
    const look = await Promise.race([end, lookAt(promotions, ref, seen, quiet > 3)]);
    if (look === undefined || look.kind === 'end') {
      if (look) yield* lastEvents(seen, look.event);
      return;
    }
    const events = look.kind === 'status' ? changesBetween(seen, look.status) : [];
    if (look.kind === 'status') {
      if (trouble) events.unshift(overcame(trouble));
      seen = look.status;
      trouble = undefined;
    } else {
      if (look.trouble.kind !== trouble?.kind) events.push(look.trouble);
      trouble = look.trouble;
    }
    if (events.length) quiet = 0;
    yield* events;
    await Promise.race([end, sleep(quiet > patience ? interval * 6 : interval)]);
  }
}

type Look =
  | { readonly kind: 'status'; readonly status: SeenStatus }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

interface End {
  readonly kind: 'end';
  readonly event: FinalEvent;
}

/** What is better than before, now that a look has succeeded. */
function overcame(trouble: Trouble): PromotionEvent {
  return { kind: trouble.kind === 'worker-missing' ? 'worker-found' : 'connection-restored' };
}

/** Looks without a change after which looking becomes rare: half a minute at the usual pace. */
const patience = 100;

/** A step that takes its time may be in trouble that only the server knows of. */
async function lookAt(
  promotions: Promotions,
  ref: PromotionRef,
  seen: SeenStatus | undefined,
  closely: boolean,
): Promise<Look> {
  try {
    const status = await promotions.status(ref);
    const runs = status.stepExecutionMetadata.some((record) => record.status === 'Running');
    const journals = closely && runs ? await promotions.journals(ref) : [];
    return { kind: 'status', status: withJournals(status, journals, seen) };
  } catch (error) {
    return { kind: 'trouble', trouble: explainTrouble(error) };
  }
}

/** The end, or undefined once nobody wants to know any more. A connection that breaks is only a pause. */
async function awaitEnd(
  promotions: Promotions,
  ref: PromotionRef,
  signal: AbortSignal,
): Promise<End | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const ending = async (): Promise<End | undefined> => {
    while (!signal.aborted) {
      try {
        return { kind: 'end', event: await promotions.outcome(ref, signal) };
      } catch (error) {
        const trouble = explainTrouble(error);
        if (trouble.kind === 'lost') return { kind: 'end', event: trouble };
        await sleep(1000, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  };
  return Promise.race([ending(), stopped]);
}

/** The result may tell more than the last look did. */
function* lastEvents(seen: SeenStatus | undefined, event: FinalEvent): Generator<PromotionEvent> {
  if (event.kind === 'finished') yield* changesBetween(seen, event.status);
  yield event;
}
