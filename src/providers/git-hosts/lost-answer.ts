/**
 * Makes a call that may be carried out although its answer is lost: what is found afterwards then decides. Rejects as the
 * call did when nothing is found.
 */
export async function callOrLook<T>(call: () => Promise<T>, look: () => Promise<T | undefined>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const found = await look().catch(() => undefined);
    if (found === undefined) throw error;
    return found;
  }
}
