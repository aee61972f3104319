import { defineFunction } from '../../function.ts';
import { text } from '../../parameters.ts';
import { findLocation, locationNature } from '../../time/location.ts';

export const timezone = defineFunction({
  name: 'timezone',
  summary: 'A time zone: UTC, or a fixed distance such as +02:00.',
  example: 'timezone("UTC")',
  parameters: [text('name')],
  result: locationNature,
  call: ([name]) => findLocation(name),
});
