import { errored, type End } from './effects.ts';
import { refuseUndecodable } from './refuse-undecodable.ts';

/** How an activity ended. What it returned is trusted only when it is `isValid`. */
export async function settleActivity<T>(
  work: () => Promise<T>,
  explain: (error: unknown) => End<never>,
  isValid: (value: unknown) => boolean,
): Promise<End<T>> {
  let value: T;
  try {
    value = await work();
  } catch (error) {
    return explain(error);
  }
  if (isValid(value)) return { kind: 'done', value };
  refuseUndecodable(value);
  return errored('the activity returned something else than it should');
}
