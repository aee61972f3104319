import { isObject, type JsonObject } from '../core/json.ts';
import type { Journal } from '../core/promotion/status.ts';

/** A journal and, beside it, what the last look said and put out when the step did not end. Travels in heartbeats. */
export interface Attempts extends Journal {
  readonly waiting?: string;
  readonly output?: JsonObject;
}

/** Before the first attempt. */
export const noAttempts: Attempts = { looks: 0, errors: 0, consecutive: 0, recent: [] };

/** What earlier attempts left in their heartbeats; anything that is no journal reads as none. */
export function parseAttempts(details: unknown): Attempts {
  if (!isObject(details) || !Array.isArray(details['recent'])) return noAttempts;
  const { looks, errors, consecutive, waiting, output, recent } = details;
  if (![looks, errors, consecutive].every(Number.isSafeInteger)) return noAttempts;
  return {
    looks: Number(looks),
    errors: Number(errors),
    consecutive: Number(consecutive),
    recent: recent.filter(isEntry).slice(-maximumRecent),
    ...(typeof waiting === 'string' && { waiting }),
    ...(isObject(output) && { output }),
  };
}

/** After a look that broke nothing; `waiting` says what is not there yet. */
export function countLook(before: Attempts, waiting?: string): Attempts {
  const { looks, errors, recent } = before;
  return { looks: looks + 1, errors, consecutive: 0, recent, ...(waiting && { waiting: shorten(waiting) }) };
}

/** After an attempt that broke: one error more, in a row and in all. */
export function countError(before: Attempts, at: string, message: string): Attempts {
  return {
    ...(before.waiting !== undefined && { waiting: before.waiting }),
    looks: before.looks + 1,
    errors: before.errors + 1,
    consecutive: before.consecutive + 1,
    recent: [...before.recent, { at, message: shorten(message) }].slice(-maximumRecent),
  };
}

/** The journal to hand back; undefined when the first attempt sufficed. */
export function journalOf(attempts: Attempts): Journal | undefined {
  const { looks, errors, consecutive, recent } = attempts;
  return looks <= 1 && errors === 0 ? undefined : { looks, errors, consecutive, recent };
}

function isEntry(value: unknown): value is Journal['recent'][number] {
  return isObject(value) && typeof value['at'] === 'string' && typeof value['message'] === 'string';
}

function shorten(message: string): string {
  return message.length > maximumMessage ? `${message.slice(0, maximumMessage)}…` : message;
}

const maximumRecent = 10;

/** Ten of them stay well under the 16 KiB of a failure's details. */
const maximumMessage = 400;
