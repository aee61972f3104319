import { fail } from '../../errors.ts';
import { defineFunction } from '../../function.ts';
import { explainNature } from '../../nature.ts';
import { any, optional, text } from '../../parameters.ts';
import { timeNature } from '../../time/instant.ts';
import { findLocation, Location, locationType } from '../../time/location.ts';
import { parseAnyTime, parseTime } from '../../time/parse-time.ts';
import { typeName } from '../../values.ts';

export const date = defineFunction({
  name: 'date',
  summary: 'A point in time, read by a Go layout, else in the usual forms.',
  example: 'date("2024-01-02")',
  cost: 400,
  parameters: [any('text'), optional(any('layout')), optional(any('zone')), optional(text('zone'))],
  result: (args) => {
    const parts = args[0]!.native === locationType ? args.slice(1) : args;
    const wrong = parts.find(({ kind }) => kind !== 'string' && kind !== 'unknown' && kind !== 'nil');
    if (wrong) return `date wants texts, not ${explainNature(wrong)}`;
    return parts.length > 0 && parts.length < 4 ? timeNature : 'date wants a text, a layout and a zone';
  },
  call(args, { environment }) {
    const [first, ...others] = args.filter((arg) => arg !== undefined);
    const zone = first instanceof Location ? first : undefined;
    const [value, layout, name] = zone ? others : [first, ...others];
    if (typeof value !== 'string') return fail(`date wants a text, not ${typeName(value ?? null)}`);
    if (layout !== undefined && typeof layout !== 'string') return fail('date wants a text as layout');
    const place = typeof name === 'string' ? findLocation(name, environment.zones) : zone;
    const instant = layout === undefined ? parseAnyTime(value, place) : parseTime(value, layout, place);
    return instant ?? fail('the text is not a date of this form');
  },
});
