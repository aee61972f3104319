import { defineFunction } from '../../function.ts';
import { text } from '../../parameters.ts';
import { findLocation, locationNature } from '../../time/location.ts';

export const timezone = defineFunction({
  name: 'timezone',
  summary: 'A time zone: UTC, a distance such as +02:00, or a name such as Europe/Zurich.',
  example: 'date("2025-07-01 12:00:00").In(timezone("Europe/Zurich")).Format("15:04 MST")',
  parameters: [text('name')],
  result: locationNature,
  call: ([name], { environment }) => findLocation(name, environment.zones),
});
