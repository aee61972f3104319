const queues = new Map<string, Promise<unknown>>();

/** Does work for a key when all earlier work for the same key in this process has ended. Waiting ends with the signal. */
export async function inTurn<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const before = queues.get(key) ?? Promise.resolve();
  const { promise: mine, resolve: leave } = withResolvers();
  const turn = before.then(() => mine);
  queues.set(key, turn);
  try {
    await awaitSignal(before, signal);
    return await work();
  } finally {
    leave();
    if (queues.get(key) === turn) queues.delete(key);
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Waits for something that never rejects, at most until the signal aborts: then it rejects with its reason. */
export async function awaitSignal(before: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, resolve } = withResolvers();
  signal.addEventListener('abort', resolve, { once: true });
  await Promise.race([before, aborted]);
  signal.removeEventListener('abort', resolve);
  signal.throwIfAborted();
}
