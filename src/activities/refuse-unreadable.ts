import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../core/promotion/calls.ts';
import { isUndecodable } from '../core/undecodable.ts';

type Activity = (input: unknown) => Promise<unknown>;

/** The same activities; one whose input is encrypted with a key that is not here fails and leaves it to other workers. */
export function refuseUnreadable<T extends object>(activities: T): T {
  const guarded = Object.entries(activities as Record<string, Activity>).map(
    ([name, run]): [string, Activity] => [
      name,
      async (input) => {
        if (!isUndecodable(input)) return run(input);
        const failure = ApplicationFailure.retryable(
          `this worker cannot read what it is given: ${input.$undecodable}`,
          failureTypes.transient,
        );
        failure.stack = '';
        throw failure;
      },
    ],
  );
  return Object.fromEntries(guarded) as T;
}
