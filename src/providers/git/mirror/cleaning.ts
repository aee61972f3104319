import { setTimeout as sleep } from 'node:timers/promises';

interface Cleaning {
  /** Settles, always well, when it is over or was taken over. */
  readonly ended: Promise<void>;
  /** Ends the pause before it: the work begins, or whoever asks does it instead. */
  readonly decide: AbortController;
  isUnderWay: boolean;
}

/** By the folder that is cleaned. */
const cleanings = new Map<string, Cleaning>();

/**
 * Cleans a folder after a pause, in which whoever wants it may do that himself: promotions in close succession look at each
 * file once between them, not twice. The promise settles, always well, when the folder needs this no more.
 */
export function cleanLater(folder: string, work: () => Promise<void>): Promise<void> {
  const decide = new AbortController();
  const cleaning: Cleaning = { decide, isUnderWay: false, ended: run() };
  cleanings.set(folder, cleaning);
  return cleaning.ended;

  async function run(): Promise<void> {
    await sleep(pause, undefined, { signal: decide.signal }).catch(() => undefined);
    if (decide.signal.reason === takenOver) return;
    cleaning.isUnderWay = true;
    await work().catch(() => undefined);
    cleanings.delete(folder);
  }
}

/** Whether somebody is to clean the folder, or does. */
export function isToBeCleaned(folder: string): boolean {
  return cleanings.has(folder);
}

/** Leaves the cleaning of a folder to the caller; where it is under way, waits for its end. */
export async function takeOverCleaning(folder: string): Promise<void> {
  const cleaning = cleanings.get(folder);
  if (!cleaning) return;
  if (cleaning.isUnderWay) return cleaning.ended;
  cleanings.delete(folder);
  cleaning.decide.abort(takenOver);
}

/** Begins at once with all that waits below a folder. */
export function hurryCleaning(root: string): void {
  for (const [folder, { decide }] of cleanings) if (folder.startsWith(`${root}/`)) decide.abort(hurried);
}

const takenOver = 'taken over';
const hurried = 'hurried';
/** Milliseconds: long enough for the next of a row of promotions to come to its clone. */
const pause = 1000;
