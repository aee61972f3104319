import { fail } from '../errors.ts';
import { dayNames, monthNames, type Day } from './calendar.ts';

/** The parts of a Go layout that stand for something. */
export const layoutParts =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|002|0[1-6]|15|1|__2|_2(?!006)|[2345]|PM|pm|[-Z]07(?::00:00|0000|00|:00|)|[.,](?:0+|9+)(?!\d)/g;

/** What a layout needs to know of a point in time. */
export interface Clock {
  readonly day: Day;
  readonly weekday: number;
  readonly yearDay: number;
  readonly seconds: number;
  readonly fraction: bigint;
  readonly zone: { readonly abbreviation: string; readonly offset: number };
}

/** Longest layout, in UTF-16 units. */
export const maximumLayout = 500;

/** A time in a Go layout: the reference time is `Mon Jan 2 15:04:05 MST 2006`. */
export function formatTime(time: Clock, layout: string): string {
  if (layout.length > maximumLayout) fail('the layout is too long');
  return layout.replace(layoutParts, (part) => formatPart(time, part));
}

/** A distance from UTC as `+0200`, its parts separated by `colon`; `size` is 2, 4 or 6 digits. */
function formatOffset(offset: number, colon: string, size: number): string {
  const distance = Math.abs(offset);
  const parts = [Math.floor(distance / 3600), Math.floor(distance / 60) % 60, distance % 60];
  return (
    (offset < 0 ? '-' : '+') +
    parts
      .slice(0, size / 2)
      .map(pad)
      .join(colon)
  );
}

function formatPart(time: Clock, part: string): string {
  const { day, weekday, yearDay, seconds, zone } = time;
  const hour = Math.floor(seconds / 3600);
  switch (part) {
    case '2006':
      return day.year < 0 ? `-${String(-day.year).padStart(4, '0')}` : String(day.year).padStart(4, '0');
    case '06':
      return pad(((day.year % 100) + 100) % 100);
    case 'January':
      return monthNames[day.month - 1]!;
    case 'Jan':
      return monthNames[day.month - 1]!.slice(0, 3);
    case '01':
      return pad(day.month);
    case '1':
      return String(day.month);
    case 'Monday':
      return dayNames[weekday]!;
    case 'Mon':
      return dayNames[weekday]!.slice(0, 3);
    case '02':
      return pad(day.day);
    case '_2':
      return String(day.day).padStart(2);
    case '2':
      return String(day.day);
    case '002':
      return String(yearDay).padStart(3, '0');
    case '__2':
      return String(yearDay).padStart(3);
    case '15':
      return pad(hour);
    case '03':
      return pad(hour % 12 || 12);
    case '3':
      return String(hour % 12 || 12);
    case '04':
      return pad(Math.floor(seconds / 60) % 60);
    case '4':
      return String(Math.floor(seconds / 60) % 60);
    case '05':
      return pad(seconds % 60);
    case '5':
      return String(seconds % 60);
    case 'PM':
      return hour < 12 ? 'AM' : 'PM';
    case 'pm':
      return hour < 12 ? 'am' : 'pm';
    case 'MST':
      return zone.abbreviation || formatOffset(zone.offset, '', zone.offset % 3600 ? 4 : 2);
    default:
      return /^[-Z]/.test(part) ? formatZone(part, zone.offset) : formatFraction(part, time.fraction);
  }
}

function formatZone(part: string, offset: number): string {
  if (part[0] === 'Z' && offset === 0) return 'Z';
  return formatOffset(offset, part.includes(':') ? ':' : '', part.replace(/\D/g, '').length);
}

function formatFraction(part: string, fraction: bigint): string {
  const digits = String(fraction)
    .padStart(9, '0')
    .slice(0, part.length - 1);
  if (part[1] === '0') return part[0]! + digits.padEnd(part.length - 1, '0');
  const kept = digits.replace(/0+$/, '');
  return kept ? part[0]! + kept : '';
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
