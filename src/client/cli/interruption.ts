import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Fires when the user or the system asks to stop. */
export interface Interruption {
  readonly signal: AbortSignal;
  close(): void;
}

/** Turns the first request to stop into a signal; the second one ends the process at once. */
export function openInterruption(terminal: Terminal): Interruption {
  const stop = new AbortController();
  const close = terminal.onStop(() => {
    if (stop.signal.aborted) terminal.exit(exitCodes.interrupted);
    stop.abort();
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
