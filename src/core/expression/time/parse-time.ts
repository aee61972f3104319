import { fail } from '../errors.ts';
import { dayNames, daysInMonth, daysOf, dayOf, monthNames } from './calendar.ts';
import { layoutParts, maximumLayout } from './format-time.ts';
import { Instant, instantAt } from './instant.ts';
import { Location, utc } from './location.ts';

const usualLayouts = [
  '2006-01-02',
  '15:04:05',
  '2006-01-02 15:04:05',
  '2006-01-02T15:04:05Z07:00',
  '02 Jan 06 15:04 MST',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 MST',
];

/** The instant of a text in one of the usual forms; undefined if it has none. */
export function parseAnyTime(text: string, location: Location = utc): Instant | undefined {
  for (const layout of usualLayouts) {
    const instant = parseTime(text, layout, location);
    if (instant) return instant;
  }
  return undefined;
}

/** The instant of a text in a Go layout; undefined if it does not fit. Without a zone in it, it is that of `location`. */
export function parseTime(text: string, layout: string, location: Location = utc): Instant | undefined {
  const found: Found = { year: 0, month: 0, day: 0, yearDay: 0, hour: 0, minute: 0, second: 0, fraction: '' };
  if (layout.length > maximumLayout) fail('the layout is too long');
  let rest = text;
  let at = 0;
  for (const match of layout.matchAll(layoutParts)) {
    const [part] = match;
    const literal = layout.slice(at, match.index);
    at = match.index + part.length;
    const behind = skip(rest, literal);
    const next = behind === undefined ? undefined : readPart(found, part, behind, layout.slice(at));
    if (next === undefined) return undefined;
    rest = next;
  }
  return skip(rest, layout.slice(at)) === '' ? toInstant(found, location) : undefined;
}

interface Found {
  year: number;
  month: number;
  day: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  fraction: string;
  half?: string;
  isUtc?: boolean;
  offset?: number;
  zone?: string;
}

/** What a part of a layout takes from the text: a pattern, and where the text goes. */
const readers: Readonly<Record<string, readonly [RegExp, (found: Found, text: string) => unknown]>> = {
  '2006': [/^\d{4}/, (found, text) => (found.year = Number(text))],
  '06': [/^\d\d/, (found, text) => (found.year = Number(text) + (Number(text) >= 69 ? 1900 : 2000))],
  January: [new RegExp(`^(?:${monthNames.join('|')})`, 'i'), readMonth],
  Jan: [new RegExp(`^(?:${monthNames.map((name) => name.slice(0, 3)).join('|')})`, 'i'), readMonth],
  '01': [/^\d\d/, (found, text) => (found.month = Number(text))],
  '1': [/^\d\d?/, (found, text) => (found.month = Number(text))],
  Monday: [new RegExp(`^(?:${dayNames.join('|')})`, 'i'), () => undefined],
  Mon: [new RegExp(`^(?:${dayNames.map((name) => name.slice(0, 3)).join('|')})`, 'i'), () => undefined],
  '02': [/^\d\d/, (found, text) => (found.day = Number(text))],
  _2: [/^ ?\d\d?/, (found, text) => (found.day = Number(text))],
  '2': [/^\d\d?/, (found, text) => (found.day = Number(text))],
  '002': [/^\d{3}/, (found, text) => (found.yearDay = Number(text))],
  __2: [/^ {0,2}\d{1,3}/, (found, text) => (found.yearDay = Number(text))],
  '15': [/^\d\d?/, (found, text) => (found.hour = Number(text))],
  '03': [/^\d\d/, readHalfHour],
  '3': [/^\d\d?/, readHalfHour],
  '04': [/^\d\d/, (found, text) => (found.minute = Number(text))],
  '4': [/^\d\d?/, (found, text) => (found.minute = Number(text))],
  '05': [/^\d\d/, (found, text) => (found.second = Number(text))],
  '5': [/^\d\d?/, (found, text) => (found.second = Number(text))],
  PM: [/^[AP]M/, (found, text) => (found.half = text)],
  pm: [/^[ap]m/, (found, text) => (found.half = text.toUpperCase())],
  MST: [/^(?:UTC|GMT[+-]\d{1,2}|[+-]\d\d(?:\d\d)?|ChST|MeST|[A-Z]{4}T|[A-Z]{3}T|[A-Z]{3})/, readZone],
};

function readPart(found: Found, part: string, text: string, remaining: string): string | undefined {
  if (/^[.,]/.test(part)) return readFraction(found, part, text);
  const reader = /^[-Z]0/.test(part) ? zoneReader(part) : readers[part]!;
  const [taken] = reader[0].exec(text) ?? [];
  if (taken === undefined) return undefined;
  reader[1](found, taken);
  const rest = text.slice(taken.length);
  // A fraction behind seconds is taken even where the layout has none.
  const isSecond = part === '05' || part === '5';
  return isSecond && !/^[.,](?:0+|9+)(?!\d)/.test(remaining) ? readFraction(found, '.9', rest) : rest;
}

function readFraction(found: Found, part: string, text: string): string | undefined {
  const isExact = part[1] === '0';
  const [taken] = (isExact ? new RegExp(`^[.,]\\d{${part.length - 1}}`) : /^[.,]\d+/).exec(text) ?? [];
  if (taken === undefined) return isExact ? undefined : text;
  found.fraction = taken.slice(1, 10);
  return text.slice(taken.length);
}

function zoneReader(part: string): readonly [RegExp, (found: Found, text: string) => void] {
  const digits = '\\d\\d';
  const size = part.replace(/\D/g, '').length / 2;
  const body = `[+-]${Array.from({ length: size }, () => digits).join(part.includes(':') ? ':' : '')}`;
  return [new RegExp(part[0] === 'Z' ? `^(?:Z|${body})` : `^${body}`), readOffset];
}

function readOffset(found: Found, text: string): void {
  if (text === 'Z') {
    found.isUtc = true;
    return;
  }
  const [hours = '0', minutes = '0', seconds = '0'] = text.match(/\d\d/g) ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  found.offset = text[0] === '-' ? -size : size;
}

function readZone(found: Found, text: string): void {
  if (text === 'UTC') found.isUtc = true;
  else found.zone = text;
}

function readMonth(found: Found, text: string): void {
  found.month =
    monthNames.findIndex((name) => name.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase()) + 1;
}

function readHalfHour(found: Found, text: string): void {
  found.hour = Number(text) > 12 ? NaN : Number(text);
}

/** Blanks of a layout stand for any number of blanks. */
function skip(text: string, literal: string): string | undefined {
  let rest = text;
  for (const sign of literal) {
    if (sign === ' ') {
      if (rest !== '' && rest[0] !== ' ') return undefined;
      rest = rest.replace(/^ +/, '');
    } else if (rest.startsWith(sign)) {
      rest = rest.slice(sign.length);
    } else {
      return undefined;
    }
  }
  return rest;
}

function toInstant(found: Found, location: Location): Instant | undefined {
  const { half, minute, second } = found;
  const hour =
    half === 'PM' && found.hour < 12 ? found.hour + 12 : half === 'AM' && found.hour === 12 ? 0 : found.hour;
  const date = toDay(found);
  if (!date || !(hour < 24 && minute < 60 && second < 60)) return undefined;
  const nanoseconds = BigInt(found.fraction.padEnd(9, '0'));
  const shown = daysOf(date.year, date.month, date.day) * 86400 + hour * 3600 + minute * 60 + second;
  const place = placeOf(found, shown, location);
  if (place) return new Instant(BigInt(shown - place.offset) * 1_000_000_000n + nanoseconds, place.location);
  return instantAt(date, hour * 3600 + minute * 60 + second, nanoseconds, found.isUtc ? utc : location);
}

function toDay({ year, month, day, yearDay }: Found) {
  if (yearDay > 0 && !(month || day)) {
    const date = dayOf(daysOf(year, 1, yearDay));
    return date.year === year ? date : undefined;
  }
  const date = { year, month: month || 1, day: day || 1 };
  return date.month <= 12 && date.day <= daysInMonth(year, date.month) ? date : undefined;
}

/**
 * Where a text says that its time is, which may be where it was expected. An abbreviation that is not one of that
 * zone says nothing of a distance, `GMT+2` aside.
 */
function placeOf({ isUtc, offset, zone }: Found, shown: number, location: Location) {
  if (isUtc || (offset === undefined && zone === undefined)) return undefined;
  if (offset !== undefined) {
    const expected = location.at(shown - offset);
    const isThere = expected.offset === offset && (zone === undefined || zone === expected.abbreviation);
    return { location: isThere ? location : new Location(zone ?? '', offset), offset };
  }
  const own = location.offsetOf(zone!, shown);
  if (own !== undefined) return { location, offset: own };
  const guessed = zone!.startsWith('GMT') ? Number(zone!.slice(3)) * 3600 : 0;
  return { location: new Location(zone!, guessed), offset: guessed };
}
