import { setTimeout as sleep } from 'node:timers/promises';

interface Occupant {
  readonly controller: AbortController;
  readonly gone: Promise<void>;
}

/** An attempt that works in a folder. */
export interface Occupation {
  /** Aborts when a newer claim or attempt takes the folder over. */
  readonly signal: AbortSignal;
  leave(): void;
}

/** Sees to it that one attempt at a time works in a folder of this process, and that changes of it come one by one. */
export class Occupants {
  readonly #inside = new Map<string, Occupant>();
  readonly #turns = new Map<string, Promise<unknown>>();

  /** Runs `work` after everything else that was asked for the same folder. */
  async inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    const settled = turn.catch(() => undefined);
    this.#turns.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === settled) this.#turns.delete(key);
    }
  }

  /** The same for whoever is inside: who is to be evicted gets no turn any more, as the eviction waits for it to leave. */
  async insideTurn(key: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    signal.throwIfAborted();
    const evicted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    const turn = this.inTurn(key, async () => {
      signal.throwIfAborted();
      await work();
    });
    await Promise.race([turn, evicted]);
  }

  isInside(key: string): boolean {
    return this.#inside.has(key);
  }

  enter(key: string): Occupation {
    const controller = new AbortController();
    const { promise: gone, resolve: leave } = withResolver();
    const occupant = { controller, gone };
    this.#inside.set(key, occupant);
    return {
      signal: controller.signal,
      leave: () => {
        if (this.#inside.get(key) === occupant) this.#inside.delete(key);
        leave();
      },
    };
  }

  /** Ends the attempt that is inside, if any, and waits until it is out. */
  async evict(key: string, reason: Error): Promise<void> {
    const occupant = this.#inside.get(key);
    if (!occupant) return;
    occupant.controller.abort(reason);
    const patience = new AbortController();
    const late = sleep(evictionPatience, 'late', { signal: patience.signal }).catch(() => 'out');
    const outcome = await Promise.race([occupant.gone.then(() => 'out'), late]);
    patience.abort();
    if (outcome === 'late')
      throw new Error('an earlier attempt still works in the workspace and does not end');
  }
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** Milliseconds: longer than a step may take to react to its abort signal. */
const evictionPatience = 20_000;
