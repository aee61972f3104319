import { dayOf, daysOf, daysInMonth } from './calendar.ts';
import type { ZonePeriod } from './location.ts';

/** A rule that holds for all years from some point on. */
export interface ZoneRule {
  at(seconds: number): ZonePeriod;
}

/** When clocks change in a year: seconds behind midnight of a day, on the clock that ends then. */
interface Change {
  readonly day: (year: number) => number;
  readonly seconds: number;
}

const name = '(<[^>]+>|[A-Za-z]{3,})';
const distance = '([+-]?\\d+(?::\\d+){0,2})';
const form = new RegExp(`^${name}${distance}(?:${name}${distance}?(?:,([^,]+),([^,]+))?)?$`);

/** The rule of a POSIX text such as `CET-1CEST,M3.5.0,M10.5.0/3`. Throws a TypeError for what is none. */
export function parseZoneRule(text: string): ZoneRule {
  const [, standard, west, summer, summerWest, from = 'M3.2.0', to = 'M11.1.0'] = form.exec(text) ?? [];
  if (standard === undefined || west === undefined) throw new TypeError(`${text} is no rule of a time zone`);
  const plain = { abbreviation: unwrap(standard), offset: 0 - toSeconds(west) };
  if (summer === undefined) {
    const always = { ...plain, start: -Infinity, end: Infinity };
    return { at: () => always };
  }
  const offset = summerWest === undefined ? plain.offset + 3600 : 0 - toSeconds(summerWest);
  const bright = { abbreviation: unwrap(summer), offset };
  const [begin, end] = [parseChange(from), parseChange(to)];
  return {
    at(seconds) {
      const { year } = dayOf(Math.floor((seconds + plain.offset) / 86400));
      const changes = [year - 1, year, year + 1].flatMap((each) => [
        { at: instantOf(begin, each) - plain.offset, kind: bright },
        { at: instantOf(end, each) - bright.offset, kind: plain },
      ]);
      const sorted = changes.sort((one, other) => one.at - other.at);
      const index = sorted.findLastIndex((change) => change.at <= seconds);
      const { at: start, kind } = sorted[index]!;
      return { ...kind, start, end: sorted[index + 1]!.at };
    },
  };
}

function instantOf({ day, seconds }: Change, year: number): number {
  return day(year) * 86400 + seconds;
}

function parseChange(text: string): Change {
  const [date = '', time = '2'] = text.split('/');
  return { day: parseDay(date), seconds: toSeconds(time) };
}

/** Days since 1970: `Mmonth.week.weekday`, `Jday` without leap days, or a day of the year from 0. */
function parseDay(text: string): Change['day'] {
  const [, month, week, weekday] = /^M(\d+)\.(\d)\.(\d)$/.exec(text)?.map(Number) ?? [];
  if (month !== undefined) return (year) => weekdayOf(year, month, week!, weekday!);
  const number = Number(text.replace('J', ''));
  if (!text.startsWith('J')) return (year) => daysOf(year, 1, 1) + number;
  return (year) => daysOf(year, 1, 1) + number - 1 + (number > 59 && daysInMonth(year, 2) === 29 ? 1 : 0);
}

/** The so manieth weekday of a month; 5 = the last one. */
function weekdayOf(year: number, month: number, week: number, weekday: number): number {
  const first = daysOf(year, month, 1);
  const ahead = (((weekday - first - 4) % 7) + 7) % 7;
  const day = ahead + (week - 1) * 7;
  return first + (day >= daysInMonth(year, month) ? day - 7 : day);
}

function toSeconds(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  const size = hours * 3600 + minutes * 60 + seconds;
  return text.startsWith('-') ? -size : size;
}

function unwrap(abbreviation: string): string {
  return abbreviation.replace(/^<|>$/g, '');
}
