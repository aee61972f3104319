import type { JsonObject } from '../../../core/json.ts';
import { fewAtATime } from '../../few-at-a-time.ts';
import type { RingablePromotion } from './find-promotions.ts';

/** Something happened to a pull request. */
export interface Ring {
  /** Keys it may be known by. */
  readonly keys: readonly string[];
  /** Reaches promotions of this project only. */
  readonly project?: string;
  /** Payload of the signal. */
  readonly hint: JsonObject;
}

/** Tells promotions of their pull requests. */
export interface Doorbells {
  /**
   * Rings whoever waits for it, and again those that are found a moment later: lists lag behind. Resolves with how many
   * were rung at first; rejects when Temporal does not answer, or with Overloaded. Events of one pull request that come
   * close upon each other count as one.
   */
  ring(ring: Ring): Promise<number>;
  /** Forgets what was to be looked for again. */
  close(): void;
}

/** More is waiting than can be kept. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

export interface DoorbellParts {
  readonly find: (keys: readonly string[]) => Promise<readonly RingablePromotion[]>;
  readonly signal: (workflowId: string, hint: JsonObject) => Promise<void>;
  /** Told of what went wrong where nobody waits for the answer. */
  readonly warn: (error: unknown) => void;
  /** Milliseconds after which to look again; default 1 s and 5 s. */
  readonly later?: readonly number[];
  /** Milliseconds between two looks at one pull request; default 1 s. */
  readonly pause?: number;
}

/** One look at who waits for a pull request, to come or under way. */
interface Look {
  readonly ring: Ring;
  /** Workflow ids that have heard it already. */
  readonly rung: Set<string>;
  /** One more for the same event, that nobody waits for. */
  readonly isAgain: boolean;
  readonly result: Promise<number>;
  readonly settle: (work: Promise<number>) => void;
}

/** Doorbells that ask for many pull requests at once, a few questions at a time. */
export function createDoorbells(parts: DoorbellParts): Doorbells {
  const { find, signal, warn, later = [1000, 5000], pause = 1000 } = parts;
  const timers = new Set<NodeJS.Timeout>();
  const coming = new Map<string, Look>();
  const last = new Map<string, number>();
  const due: string[] = [];
  let again = 0;
  let running = 0;

  function plan(id: string, look: Look): Promise<number> {
    coming.set(id, look);
    const rest = (last.get(id) ?? 0) + pause - Date.now();
    if (rest > 0) after(rest, () => enqueue(id));
    else enqueue(id);
    return look.result;
  }

  function enqueue(id: string): void {
    due.push(id);
    // What comes in the same turn of the event loop goes into one question.
    if (running < mostAtOnce) setImmediate(pump);
  }

  function pump(): void {
    while (running < mostAtOnce && due.length > 0) void askFor(due.splice(0, mostInOne));
  }

  async function askFor(ids: readonly string[]): Promise<void> {
    running += 1;
    const looks = ids.flatMap((id) => {
      const look = coming.get(id);
      coming.delete(id);
      note(id);
      return look ? [{ id, look }] : [];
    });
    const found = find([...new Set(looks.flatMap(({ look }) => look.ring.keys))]);
    const ends = looks.map(({ id, look }) => {
      const work = found.then((promotions) => ringAll(look, promotions));
      look.settle(work);
      lookLater(id, look);
      return work.catch(() => undefined);
    });
    await Promise.all(ends);
    running -= 1;
    pump();
  }

  async function ringAll({ ring, rung }: Look, promotions: readonly RingablePromotion[]): Promise<number> {
    const { keys, project, hint } = ring;
    const meant = promotions.filter(
      (one) =>
        !rung.has(one.workflowId) &&
        (project === undefined || one.project === project) &&
        one.pullRequests.some((key) => keys.includes(key)),
    );
    await fewAtATime(meant, mostAtOnce, async ({ workflowId }) => {
      await signal(workflowId, hint);
      rung.add(workflowId);
    });
    return meant.length;
  }

  /** Once a second at most for each pull request; no more of them than fit. */
  function note(id: string): void {
    last.delete(id);
    last.set(id, Date.now());
    for (const [old, at] of last) {
      if (last.size <= mostKept && Date.now() - at < pause) break;
      last.delete(old);
    }
  }

  function lookLater(id: string, { ring, rung, isAgain }: Look): void {
    for (const delay of isAgain ? [] : later) {
      if (again >= mostKept) return;
      again += 1;
      after(delay, () => {
        again -= 1;
        // A newer event looks by itself, and tells everybody.
        if (!coming.has(id)) plan(id, createLook(ring, rung, true)).catch(warn);
      });
    }
  }

  function after(delay: number, act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, delay);
    timers.add(timer.unref());
  }

  return {
    async ring(ring) {
      const id = JSON.stringify([ring.keys, ring.project]);
      const same = coming.get(id);
      if (same && !same.isAgain) return same.result;
      if (coming.size >= mostKept) throw new Overloaded('too many events at once');
      if (same) coming.delete(id);
      return plan(id, createLook(ring));
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function createLook(ring: Ring, rung = new Set<string>(), isAgain = false): Look {
  let settle: Look['settle'] = () => {};
  const result = new Promise<number>((resolve) => {
    settle = (work) => resolve(work);
  });
  return { ring, rung, isAgain, result, settle };
}

const mostAtOnce = 8;
const mostInOne = 50;
const mostKept = 10_000;
