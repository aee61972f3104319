import { messageOf } from '../core/errors.ts';
import type { ConditionCall } from '../core/promotion/calls.ts';
import { toBoolean } from '../core/promotion/condition.ts';
import { createEnvironment, LookupFailed } from '../core/promotion/environment.ts';
import { evaluateTemplate } from '../core/template/template.ts';
import type { Surroundings } from './run-step.ts';
import { createScrubber } from './scrub.ts';
import { conditionFailure } from './step-failure.ts';
import { tellLookups } from './tell-secrets.ts';

/**
 * Activity for a condition that reads something from outside. Answers true or false and nothing else, so that no secret
 * gets into the history; anything but a boolean is an error of the promotion, not to be tried again.
 */
export function createEvaluateCondition(
  around: Pick<Surroundings, 'lookupsFor' | 'scrubber' | 'zones'>,
): (call: ConditionCall) => Promise<boolean> {
  return async ({ condition, scope }) => {
    const scrubber = createScrubber(around.scrubber);
    try {
      const lookups = await around.lookupsFor?.(scope.identity.project);
      const environment = createEnvironment(scope, {
        place: 'condition',
        ...(lookups && { lookups: tellLookups(lookups, scrubber) }),
        ...(around.zones && { zones: around.zones }),
      });
      return toBoolean(evaluateTemplate(condition, environment));
    } catch (error) {
      throw conditionFailure(scrubber.text(messageOf(error)), error instanceof LookupFailed);
    }
  };
}
