import { fail } from '../../errors.ts';
import { defineFunction } from '../../function.ts';
import { native, optional } from '../../parameters.ts';
import { timeNature } from '../../time/instant.ts';
import { Location, locationType } from '../../time/location.ts';
import { parseAnyTime } from '../../time/parse-time.ts';

export const now = defineFunction({
  name: 'now',
  summary: 'When the evaluation takes place, the same on every retry.',
  example: 'now().Year()',
  parameters: [optional(native('zone', Location, locationType))],
  result: timeNature,
  call([zone], { environment }) {
    const clock = environment.clock === undefined ? undefined : parseAnyTime(environment.clock);
    if (!clock) return fail('now() has no clock here');
    return zone ? clock.in(zone) : clock;
  },
});
