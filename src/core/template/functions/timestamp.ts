import { fail } from '../../expression/errors.ts';
import { defineFunction } from '../../expression/function.ts';
import { natures } from '../../expression/nature.ts';
import { optional, text } from '../../expression/parameters.ts';
import { formatTime } from '../../expression/time/format-time.ts';
import { utc } from '../../expression/time/location.ts';
import { parseAnyTime } from '../../expression/time/parse-time.ts';

export const timestamp = defineFunction({
  name: 'timestamp',
  summary: 'When the promotion (in vars) or the step (in config) began, in UTC: RFC 3339, or a Go layout.',
  example: 'timestamp("2006.01.02")',
  parameters: [optional(text('layout'))],
  result: natures.string,
  call([layout = '2006-01-02T15:04:05Z07:00'], { environment }) {
    const clock = environment.clock === undefined ? undefined : parseAnyTime(environment.clock);
    return clock ? formatTime(clock.in(utc), layout) : fail('timestamp() has no clock here');
  },
});
