import type { CallContext } from '../../../expression/function.ts';
import { scopeOf } from '../promotion.ts';

/** Whether a step that counts ended as Failed or Errored. */
export function hasFailed(context: CallContext): boolean {
  return scopeOf(context).records.some(({ status, continueOnError }) => {
    return !continueOnError && (status === 'Failed' || status === 'Errored');
  });
}
