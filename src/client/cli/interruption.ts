import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Fires when the user or the system asks to stop. */
export interface Interruption {
  readonly signal: AbortSignal;
  close(): void;
}

/**
 * Turns the first request to stop into a signal. The second one ends the process at once, unless `hurry` says that it
 * sees to that; then the third one does.
 */
export function openInterruption(terminal: Terminal, hurry: () => boolean = () => false): Interruption {
  const stop = new AbortController();
  let isHurrying = false;
  const close = terminal.onStop(() => {
    if (!stop.signal.aborted) return stop.abort();
    if (isHurrying || !hurry()) terminal.exit(exitCodes.interrupted);
    isHurrying = true;
  });
  return { signal: stop.signal, close };
}

/** Resolves when the signal fires. */
export function whenAborted(signal: AbortSignal): Promise<'stopped'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('stopped');
    signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
}
