import { fail } from '../errors.ts';
import type { FunctionDeclaration } from '../function.ts';
import { natures, type Nature } from '../nature.ts';
import { Dict, Native, type NativeType, type Value } from '../values.ts';
import { defineMethods } from './method.ts';

const methods: Record<string, FunctionDeclaration> = {};
export const locationType: NativeType = { name: 'time.Location', methods };
export const locationNature: Nature = { kind: 'native', native: locationType };

/** What clocks in a zone show from `start` until `end`, in seconds since 1970. */
export interface ZonePeriod {
  /** As `CET`; may be empty. */
  readonly abbreviation: string;
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly start: number;
  readonly end: number;
}

/** How a time zone has changed and will change. */
export interface ZoneRules {
  /** What holds at an instant, in seconds since 1970. */
  at(seconds: number): ZonePeriod;
  /** Distance that an abbreviation stands for, at best at that time; undefined where the zone does not have it. */
  offsetOf(abbreviation: string, seconds: number): number | undefined;
}

/** The zones that have names, such as `Europe/Zurich`. They come in as a value: their rules change with the years. */
export interface TimeZones {
  find(name: string): ZoneRules | undefined;
}

/** A time zone. */
export class Location extends Native implements ZoneRules {
  readonly type = locationType;
  /** `UTC`, the name of a zone, an abbreviation, or empty. */
  readonly name: string;
  readonly #rules: ZoneRules | undefined;
  readonly #always: ZonePeriod;

  /** A zone by its rules, or one that is always at the same distance from UTC, in seconds. */
  constructor(name: string, rules: number | ZoneRules) {
    super();
    this.name = name;
    this.#rules = typeof rules === 'number' ? undefined : rules;
    const offset = typeof rules === 'number' ? rules : 0;
    this.#always = { abbreviation: name, offset, start: -Infinity, end: Infinity };
  }

  at(seconds: number): ZonePeriod {
    return this.#rules?.at(seconds) ?? this.#always;
  }
  offsetOf(abbreviation: string, seconds: number): number | undefined {
    return this.#rules?.offsetOf(abbreviation, seconds);
  }
  override text(): string {
    return this.name;
  }
  override json(): Value {
    return new Dict(new Map());
  }
}

export const utc = new Location('UTC', 0);

/** The zone of that name: `UTC`, `Z`, a distance such as `+02:00`, or one of those that came in. */
export function findLocation(name: string, zones?: TimeZones): Location {
  const fixed = findFixedLocation(name);
  if (fixed) return fixed;
  if (!zones) return fail('unknown time zone: only UTC and distances such as +02:00 are known here');
  const rules = zones.find(name);
  return rules ? new Location(name, rules) : fail('unknown time zone: write it as in Europe/Zurich');
}

/** The zone of that name if it needs no rules. */
export function findFixedLocation(name: string): Location | undefined {
  if (name === '' || name === 'UTC' || name === 'Z') return utc;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(name) ?? [];
  if (hours === undefined) return undefined;
  const size = Number(hours) * 3600 + Number(minutes) * 60;
  return new Location('', sign === '-' ? -size : size);
}

Object.assign(
  methods,
  Object.fromEntries([
    defineMethods(Location, locationType)('String', [], natures.string, ({ name }) => name),
  ]),
);
