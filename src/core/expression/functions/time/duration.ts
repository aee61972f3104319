import { fail } from '../../errors.ts';
import { defineFunction } from '../../function.ts';
import { text } from '../../parameters.ts';
import { durationNature, parseDurationText } from '../../time/duration.ts';

export const duration = defineFunction({
  name: 'duration',
  summary: 'A time span, in units from `ns` to `h`.',
  example: 'duration("1h30m")',
  cost: 40,
  parameters: [text('text')],
  result: durationNature,
  call: ([value]) => parseDurationText(value) ?? fail('duration wants a text such as 1h30m'),
});
