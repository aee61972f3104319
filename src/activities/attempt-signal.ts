import { setMaxListeners } from 'node:events';

/** The one signal a step listens to: whatever ends the attempt aborts it, with that one's reason. */
export interface AttemptSignal {
  readonly signal: AbortSignal;
  /** The step's own deadline has passed. */
  readonly timedOut: boolean;
  /** Aborts with this signal as well. */
  follow(signal: AbortSignal): void;
  close(): void;
}

/** Opens the signal of an attempt; `deadline` is RFC 3339. */
export function openAttemptSignal(
  sources: readonly AbortSignal[],
  deadline: string | undefined,
): AttemptSignal {
  const controller = new AbortController();
  const reason = new DeadlinePassed('the deadline of the step has passed');
  const undo: (() => void)[] = [];
  // Of every attempt of a worker, and of everything that a step does at once: Node would take so many for a leak.
  setMaxListeners(0, controller.signal, ...sources);
  const follow = (source: AbortSignal) => {
    const onAbort = () => controller.abort(source.reason);
    if (source.aborted) return onAbort();
    source.addEventListener('abort', onAbort, { once: true });
    // Sources outlive the attempt: without this, each one would keep every attempt there ever was.
    undo.push(() => source.removeEventListener('abort', onAbort));
  };
  sources.forEach(follow);
  if (deadline !== undefined) undo.push(startTimer(deadline, () => controller.abort(reason)));
  return {
    signal: controller.signal,
    get timedOut() {
      return controller.signal.reason === reason;
    },
    follow,
    close: () => undo.forEach((release) => release()),
  };
}

/** Why a step's signal aborts at its deadline. */
class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
}

function startTimer(deadline: string, onTime: () => void): () => void {
  const remaining = Date.parse(deadline) - Date.now();
  if (remaining <= 0) {
    onTime();
    return () => {};
  }
  // Timers cannot be set further; an attempt that long is ended by Temporal before.
  const timer = setTimeout(onTime, Math.min(remaining, 2 ** 31 - 1));
  return () => clearTimeout(timer);
}
