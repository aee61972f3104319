import { WorkspaceLost } from '../core/errors.ts';

/**
 * What the work of a step ends with. Once the signal has aborted it has 15 s to end by itself; then this rejects with the
 * reason of the signal and the work is left behind. An eviction is told whatever the step makes of it.
 */
export async function orAbandon<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const abandoned = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(signal.reason as Error), abortPatience);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, abandoned]);
  } catch (error) {
    // An eviction is told by its reason, whatever the step makes of it.
    if (signal.reason instanceof WorkspaceLost) throw signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Milliseconds. */
const abortPatience = 15_000;
