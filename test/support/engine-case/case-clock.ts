import { parseDuration } from '../../../src/core/duration.ts';
import type { Stop } from '../../../src/core/promotion/stop.ts';
import type { CaseEvent, EngineCase } from './engine-case.ts';

/** Thrown through the interpreter when a case asks for no more looks. */
export class CaseOver extends Error {
  override readonly name = 'CaseOver';
}

/** The looks of a case, what happens before each of them, and the time that passes meanwhile. */
export class CaseClock {
  /** Milliseconds that the time of the case is ahead of ours. */
  ahead = 0;
  stop: Stop | undefined;
  isCurrent = true;
  #isLost = false;
  #look = 0;
  readonly #events: readonly CaseEvent[];
  readonly #maximum: number;

  constructor({ events = [], maxPolls = 12 }: EngineCase) {
    this.#events = events;
    this.#maximum = maxPolls;
    this.lookAgain();
  }

  now(): string {
    return new Date(Date.now() + this.ahead).toISOString();
  }

  /** An instant of the case in our time. */
  ours(instant: string): string {
    return new Date(Date.parse(instant) - this.ahead).toISOString();
  }

  /** Says, once, that the files are gone. */
  takeLoss(): boolean {
    const isLost = this.#isLost;
    this.#isLost = false;
    return isLost;
  }

  /** Begins the next look. */
  lookAgain(): void {
    this.#look += 1;
    if (this.#look > this.#maximum) throw new CaseOver();
    for (const event of this.#events) if (event.before === this.#look) this.#happen(event);
  }

  #happen({ advance, abort, notCurrent, current, loseWorkspace }: CaseEvent): void {
    if (advance) this.ahead += parseDuration(advance) ?? 0;
    if (abort) this.stop ??= readAbort(abort);
    if (notCurrent) this.isCurrent = false;
    if (current) this.isCurrent = true;
    if (loseWorkspace) this.#isLost = true;
  }
}

/** The annotation: a word, or an object as JSON. Kargo's loop itself stands in for an actor who is not named. */
function readAbort(abort: NonNullable<CaseEvent['abort']>): Stop | undefined {
  const { action, actor } = typeof abort === 'string' ? parseAbort(abort) : abort;
  if (action !== 'terminate') return undefined;
  return { kind: 'abort', actor: actor ?? 'controller:promotion-controller' };
}

function parseAbort(text: string): { readonly action: string; readonly actor?: string } {
  return text.startsWith('{') ? (JSON.parse(text) as { action: string }) : { action: text };
}
