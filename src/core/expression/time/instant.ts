import type { FunctionDeclaration } from '../function.ts';
import { natures, type Nature } from '../nature.ts';
import { native, text, whole } from '../parameters.ts';
import { Integer, Native, type NativeType, type Value } from '../values.ts';
import { dayOf, daysOf, type Day } from './calendar.ts';
import { Duration, durationNature, toMultiple } from './duration.ts';
import { formatTime } from './format-time.ts';
import { Location, locationNature, locationType, utc, type ZonePeriod } from './location.ts';
import { defineMethods } from './method.ts';
import { monthNature, monthType, NamedNumber, weekdayNature, weekdayType } from './named-number.ts';

const methods: Record<string, FunctionDeclaration> = {};
export const timeType: NativeType = { name: 'time.Time', methods };
export const timeNature: Nature = { kind: 'time', native: timeType };

const second = 1_000_000_000n;
/** Nanoseconds from the year 1 to 1970: spans are counted from the former. */
const epoch = 62_135_596_800n * second;

/** A point in time, seen from a time zone. */
export class Instant extends Native {
  readonly type = timeType;
  /** Since 1970, of any size. */
  readonly nanoseconds: bigint;
  readonly location: Location;

  constructor(nanoseconds: bigint, location: Location) {
    super();
    this.nanoseconds = nanoseconds;
    this.location = location;
  }

  /** Whole days and seconds of the day, as a clock in the zone shows them. */
  get #clock(): { readonly days: number; readonly seconds: number } {
    const seconds = this.#unix + this.zone.offset;
    const days = Math.floor(seconds / 86400);
    return { days, seconds: seconds - days * 86400 };
  }
  /** Whole seconds since 1970. */
  get #unix(): number {
    return Number((this.nanoseconds - this.fraction) / second);
  }
  /** What clocks in the zone show then. */
  get zone(): ZonePeriod {
    return this.location.at(this.#unix);
  }
  get day(): Day {
    return dayOf(this.#clock.days);
  }
  get weekday(): number {
    return (((this.#clock.days + 4) % 7) + 7) % 7;
  }
  get yearDay(): number {
    return this.#clock.days - daysOf(this.day.year, 1, 1) + 1;
  }
  /** Seconds since midnight. */
  get seconds(): number {
    return this.#clock.seconds;
  }
  /** Nanoseconds of the second. */
  get fraction(): bigint {
    return ((this.nanoseconds % second) + second) % second;
  }

  in(location: Location): Instant {
    return new Instant(this.nanoseconds, location);
  }
  override text(): string {
    return formatTime(this, '2006-01-02 15:04:05.999999999 -0700 MST');
  }
  override json(): Value {
    return formatTime(this, '2006-01-02T15:04:05.999999999Z07:00');
  }
  override equals(other: Native): boolean {
    return other instanceof Instant && this.nanoseconds === other.nanoseconds;
  }
  override compare(other: Native): number | undefined {
    if (!(other instanceof Instant)) return undefined;
    return this.nanoseconds < other.nanoseconds ? -1 : this.nanoseconds > other.nanoseconds ? 1 : 0;
  }
  override arithmetic(operator: string, other: Value, onTheRight: boolean): Value | undefined {
    if (other instanceof Instant && operator === '-' && !onTheRight) return this.since(other);
    if (!(other instanceof Duration)) return undefined;
    if (operator === '+') return new Instant(this.nanoseconds + other.nanoseconds, this.location);
    if (operator !== '-' || onTheRight) return undefined;
    return new Instant(this.nanoseconds - other.nanoseconds, this.location);
  }
  /** Spans that do not fit are as long as one can be. */
  since(other: Instant): Duration {
    const span = this.nanoseconds - other.nanoseconds;
    const most = 0x7fff_ffff_ffff_ffffn;
    return new Duration(span > most ? most : span < -most ? -most - 1n : span);
  }
}

/** The instant a clock in a zone shows; everything may overflow. */
export function instantAt(day: Day, seconds: number, nanoseconds: bigint, location: Location): Instant {
  const shown = daysOf(day.year, day.month, day.day) * 86400 + seconds;
  return new Instant(BigInt(shown - offsetAt(shown, location)) * second + nanoseconds, location);
}

/** The distance of a zone from UTC when its clocks show that; of two that fit, the one that Go takes. */
function offsetAt(shown: number, location: Location): number {
  const { offset, start, end } = location.at(shown);
  const instant = shown - offset;
  return offset === 0 || (instant >= start && instant < end) ? offset : location.at(instant).offset;
}

function isoWeek(time: Instant): number {
  const { year } = time.day;
  // The week belongs to the year of its Thursday.
  const thursday = time.yearDay - ((time.weekday + 6) % 7) + 3;
  const length = daysOf(year + 1, 1, 1) - daysOf(year, 1, 1);
  if (thursday < 1) return year - 1;
  return thursday > length ? year + 1 : year;
}

const define = defineMethods(Instant, timeType);
const other = native('time', Instant, 'time');
const span = native('span', Duration, 'duration');
const int64 = (value: bigint) => new Integer('int64', BigInt.asIntN(64, value));
const floor = (value: bigint, size: bigint) => (value - (((value % size) + size) % size)) / size;
const toStep = (time: Instant, { nanoseconds }: Duration, isRounded: boolean) => {
  return new Instant(toMultiple(time.nanoseconds + epoch, nanoseconds, isRounded) - epoch, time.location);
};

Object.assign(
  methods,
  Object.fromEntries([
    define('Year', [], natures.int, (time) => BigInt(time.day.year)),
    define('Month', [], monthNature, (time) => new NamedNumber(monthType, time.day.month)),
    define('Day', [], natures.int, (time) => BigInt(time.day.day)),
    define('Hour', [], natures.int, (time) => BigInt(Math.floor(time.seconds / 3600))),
    define('Minute', [], natures.int, (time) => BigInt(Math.floor(time.seconds / 60) % 60)),
    define('Second', [], natures.int, (time) => BigInt(time.seconds % 60)),
    define('Nanosecond', [], natures.int, (time) => time.fraction),
    define('Weekday', [], weekdayNature, (time) => new NamedNumber(weekdayType, time.weekday)),
    define('YearDay', [], natures.int, (time) => BigInt(time.yearDay)),
    define('ISOWeek', [], natures.int, (time) => BigInt(isoWeek(time))),
    define('Unix', [], natures.int64, (time) => int64(floor(time.nanoseconds, second))),
    define('UnixMilli', [], natures.int64, (time) => int64(floor(time.nanoseconds, 1_000_000n))),
    define('UnixMicro', [], natures.int64, (time) => int64(floor(time.nanoseconds, 1000n))),
    define('UnixNano', [], natures.int64, (time) => int64(time.nanoseconds)),
    define('Format', [text('layout')], natures.string, formatTime),
    define('String', [], natures.string, (time) => time.text()),
    define(
      'Add',
      [span],
      timeNature,
      (time, { nanoseconds }) => new Instant(time.nanoseconds + nanoseconds, time.location),
    ),
    define('Sub', [other], durationNature, (time, from) => time.since(from)),
    define(
      'AddDate',
      [whole('years'), whole('months'), whole('days')],
      timeNature,
      (time, years, months, days) => {
        const { year, month, day } = time.day;
        const moved = { year: year + years, month: month + months, day: day + days };
        return instantAt(moved, time.seconds, time.fraction, time.location);
      },
    ),
    define('Before', [other], natures.bool, (time, than) => time.nanoseconds < than.nanoseconds),
    define('After', [other], natures.bool, (time, than) => time.nanoseconds > than.nanoseconds),
    define('Equal', [other], natures.bool, (time, to) => time.nanoseconds === to.nanoseconds),
    define('Compare', [other], natures.int, (time, to) => BigInt(time.compare(to)!)),
    define('IsZero', [], natures.bool, (time) => time.nanoseconds === -epoch),
    define('In', [native('zone', Location, locationType)], timeNature, (time, location) => time.in(location)),
    define('UTC', [], timeNature, (time) => time.in(utc)),
    define('Location', [], locationNature, (time) => time.location),
    define('Truncate', [span], timeNature, (time, step) => toStep(time, step, false)),
    define('Round', [span], timeNature, (time, step) => toStep(time, step, true)),
  ]),
);
